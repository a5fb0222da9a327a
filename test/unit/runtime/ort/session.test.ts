import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError, InvariantError } from '../../../../src/runtime/errors.ts';
import { Environment } from '../../../../src/runtime/ort/environment.ts';
import { liveHandlesByKind } from '../../../../src/runtime/ort/handles.ts';
import { loadOrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { RunOptions } from '../../../../src/runtime/ort/run-options.ts';
import { Session } from '../../../../src/runtime/ort/session.ts';
import type { SessionConfig } from '../../../../src/runtime/ort/session-options.ts';
import { createCpuMemoryInfo, Tensor } from '../../../../src/runtime/ort/tensor.ts';
import { TINY_FOLDER, TINY_MODEL } from './tiny-model.ts';

const library = loadOrtLibrary();

function load(modelPath: string, config: Partial<SessionConfig> = {}): void {
  using environment = new Environment(library);
  using session = new Session(environment, modelPath, { intraOpThreads: 1, ...config });
  void session;
}

test('a session knows its inputs and outputs', () => {
  using environment = new Environment(library);
  using session = new Session(environment, TINY_MODEL, { intraOpThreads: 1, graphOptimization: 'none' });
  assert.deepEqual(session.inputs.slice(0, 3), [
    { name: 'input_ids', type: 'int64', shape: [-1, -1] },
    { name: 'attention_mask', type: 'int64', shape: [-1, -1] },
    { name: 'past_key_values.0.key', type: 'float32', shape: [-1, 2, -1, 16] },
  ]);
  assert.equal(session.inputs.length, 6);
  assert.deepEqual(session.outputs[0], { name: 'logits', type: 'float32', shape: [-1, 1, 400] });
  assert.equal(session.outputs.length, 5);
});

const REFUSED: readonly { name: string; path?: string; config?: Partial<SessionConfig>; message: RegExp }[] = [
  { name: 'a missing graph', path: '/no/model.onnx', message: /^\/no\/model\.onnx cannot be loaded: .*NO_SUCHFILE/ },
  {
    name: 'a file that is no graph',
    path: `${TINY_FOLDER}/lam.json`,
    message: /lam\.json cannot be loaded: .*INVALID_/,
  },
  {
    name: 'an unknown execution provider',
    config: { executionProviders: ['abacus'] },
    message: /^execution provider abacus is unknown; known are cpu, cuda/,
  },
  {
    name: 'an execution provider that the library lacks',
    config: { executionProviders: ['cpu', 'xnnpack'] },
    message: /^execution provider xnnpack is not in .*, which has .*CPUExecutionProvider; the onnxruntime-node package/,
  },
  {
    name: 'CUDA without its libraries',
    config: { executionProviders: ['cuda'] },
    message: /use the execution provider cuda.*install its libraries with "ONNXRUNTIME_NODE_INSTALL=cuda12 node /s,
  },
  ...['dml', 'directml', 'coreml'].map((provider) => ({
    name: `${provider} on another system`,
    config: { executionProviders: [provider] },
    message: new RegExp(`^execution provider ${provider} is not in .*; it needs (Windows|macOS)`),
  })),
  {
    name: 'a session entry without a key',
    config: { entries: { '': '1' } },
    message: /^ONNX Runtime failed to set : INVALID_ARGUMENT/,
  },
];
for (const { name, path, config, message } of REFUSED) {
  test(`${name} is refused by name, and nothing leaks`, () => {
    assert.throws(
      () => load(path ?? TINY_MODEL, config),
      (error) => error instanceof GatewayError && error.code === 'backend_failed' && message.test(error.message),
    );
    assert.deepEqual(liveHandlesByKind(), {});
  });
}

test('settings that make no sense are bugs of ours', () => {
  assert.throws(() => load('model.onnx\0.txt'), InvariantError);
  assert.throws(() => load(TINY_MODEL, { intraOpThreads: -1 }), InvariantError);
  assert.throws(() => load(TINY_MODEL, { intraOpThreads: 1.5 }), InvariantError);
  assert.deepEqual(liveHandlesByKind(), {});
});

test('names and shapes that the graph does not have are refused', () => {
  using environment = new Environment(library);
  using session = new Session(environment, TINY_MODEL, { intraOpThreads: 1 });
  using memoryInfo = createCpuMemoryInfo(library);
  using binding = session.createBinding();
  using runOptions = new RunOptions(library);
  using ids = new Tensor(library, memoryInfo, { data: new BigInt64Array(6), shape: [1, 2, 3] });
  assert.throws(() => session.run(binding, runOptions), /failed to run the model/);
  binding.bindInput('input_ids', ids);
  assert.throws(() => session.run(binding, runOptions), /failed to run the model/);
});
