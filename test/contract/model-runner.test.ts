/** Every ModelRunner keeps the same promises. */
import { FakeModelRunner } from '../support/fake-model-runner.ts';
import { exactRunner } from '../unit/runtime/ort/tiny-model.ts';
import { modelRunnerContract } from './model-runner.contract.ts';

modelRunnerContract('fake', () => new FakeModelRunner({ numSlots: 4 }));
modelRunnerContract('ONNX Runtime', () => exactRunner({ numSlots: 4 }));
