import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GatewayError, InvariantError } from '../../../../src/runtime/errors.ts';
import { Environment } from '../../../../src/runtime/ort/environment.ts';
import { createHandle, liveHandles, liveHandlesByKind } from '../../../../src/runtime/ort/handles.ts';
import { loadOrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { ResourceStack } from '../../../../src/runtime/ort/resource-stack.ts';
import { RunOptions } from '../../../../src/runtime/ort/run-options.ts';
import { createCpuMemoryInfo, Tensor } from '../../../../src/runtime/ort/tensor.ts';

const library = loadOrtLibrary();

test('handles are counted by kind until they are released', () => {
  const environments = [new Environment(library), new Environment(library)];
  const runOptions = new RunOptions(library);
  assert.deepEqual(liveHandlesByKind(), { env: 2, 'run options': 1 });
  assert.equal(liveHandles(), 3);

  for (const handle of [...environments, runOptions]) handle[Symbol.dispose]();
  assert.deepEqual(liveHandlesByKind(), {});
  assert.equal(liveHandles(), 0);
});

test('a second release and a use after the release are bugs', () => {
  const memoryInfo = createCpuMemoryInfo(library);
  memoryInfo[Symbol.dispose]();
  assert.throws(() => memoryInfo[Symbol.dispose](), InvariantError);
  assert.throws(() => memoryInfo.address, InvariantError);
  assert.equal(liveHandles(), 0);
});

test('what cannot be created is an error with the text of ONNX Runtime, and not counted', () => {
  using memoryInfo = createCpuMemoryInfo(library);
  const tooFewDimensions = () =>
    createHandle(library, 'tensor', (out) =>
      library.api.CreateTensorWithDataAsOrtValue(memoryInfo.address, memoryInfo.address, 1, null, 0, 1, out),
    );
  assert.throws(
    tooFewDimensions,
    (error) =>
      error instanceof GatewayError &&
      error.code === 'backend_failed' &&
      error.message === 'ONNX Runtime failed to create a tensor: INVALID_ARGUMENT: not enough space: expected 4, got 1',
  );
  assert.deepEqual(liveHandlesByKind(), { 'memory info': 1 });
});

test('a stack of resources releases in the opposite order, unless it was handed over', () => {
  const released: string[] = [];
  const resource = (name: string) => ({ [Symbol.dispose]: () => released.push(name) });
  const stack = new ResourceStack();
  stack.use(resource('first'));
  stack.use(resource('second'));
  const moved = stack.move();
  stack[Symbol.dispose]();
  assert.deepEqual(released, []);
  moved[Symbol.dispose]();
  moved[Symbol.dispose]();
  assert.deepEqual(released, ['second', 'first']);
});

test('a tensor has as many elements as its shape says', () => {
  using memoryInfo = createCpuMemoryInfo(library);
  const make = (data: Float32Array | BigInt64Array, shape: readonly number[]) => {
    using tensor = new Tensor(library, memoryInfo, { data, shape });
    return tensor.shape;
  };
  assert.deepEqual(make(new Float32Array(6), [2, 3]), [2, 3]);
  assert.deepEqual(make(new BigInt64Array(1), [1]), [1]);
  for (const shape of [[2, 2], [7], [6, 0], [-2, -3], [1.5, 4], [Number.NaN]]) {
    assert.throws(() => make(new Float32Array(6), shape), InvariantError, `shape ${shape}`);
  }
  assert.deepEqual(liveHandlesByKind(), { 'memory info': 1 });
});

test('memory that could move or go away is no tensor', () => {
  using memoryInfo = createCpuMemoryInfo(library);
  const detached = new Float32Array(4);
  structuredClone(detached.buffer, { transfer: [detached.buffer] });
  // The lib of this project has no resizable buffers yet; Node does.
  const resizable: ArrayBuffer = Reflect.construct(ArrayBuffer, [16, { maxByteLength: 32 }]);
  for (const data of [detached, new Float32Array(resizable)]) {
    assert.throws(() => new Tensor(library, memoryInfo, { data, shape: [4] }), InvariantError);
  }
});
