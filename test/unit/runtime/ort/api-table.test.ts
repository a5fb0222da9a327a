import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ORT_FUNCTIONS } from '../../../../src/runtime/ort/api-table.ts';
import { DeviceMemory } from '../../../../src/runtime/ort/device-memory.ts';
import { Environment } from '../../../../src/runtime/ort/environment.ts';
import { availableProviders } from '../../../../src/runtime/ort/execution-providers.ts';
import { createHandle, liveHandlesByKind, type NativeHandle } from '../../../../src/runtime/ort/handles.ts';
import { loadOrtLibrary, type OrtApi, type OrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { RowCopier } from '../../../../src/runtime/ort/row-copier.ts';
import { RunOptions } from '../../../../src/runtime/ort/run-options.ts';
import { Session } from '../../../../src/runtime/ort/session.ts';
import { createSessionOptions } from '../../../../src/runtime/ort/session-options.ts';
import { check } from '../../../../src/runtime/ort/status.ts';
import { createCpuMemoryInfo, Tensor } from '../../../../src/runtime/ort/tensor.ts';
import { anEntry, argmax, runRow, TINY_MODEL, tinyConfig, tinyRunner } from './tiny-model.ts';

/** The library, with a record of which of its functions were called. */
function recordingLibrary(called: Set<string>): OrtLibrary {
  const library = loadOrtLibrary();
  const record = (name: string, call: (...args: never[]) => unknown) => [
    name,
    (...args: never[]) => {
      called.add(name);
      return call(...args);
    },
  ];
  const api = Object.entries(library.api).map(([name, call]) => record(name, call as (...args: never[]) => unknown));
  return { ...library, api: Object.fromEntries(api) as OrtApi };
}

/** One chunk of tokens through a bare session, every tensor made by hand. Returns the logits. */
function runByHand(library: OrtLibrary, tokens: readonly number[]): Float32Array {
  const { numLayers, numKvHeads, headDim, vocabSize } = tinyConfig();
  const shape = [1, numKvHeads, tokens.length, headDim];
  using environment = new Environment(library);
  using session = new Session(environment, TINY_MODEL, {
    intraOpThreads: 1,
    entries: { 'session.dynamic_block_base': '4' },
  });
  using memoryInfo = createCpuMemoryInfo(library);
  using runOptions = new RunOptions(library);
  using binding = session.createBinding();
  const tensors: Tensor[] = [];
  const tensor = (data: Float32Array | BigInt64Array, dimensions: readonly number[]) => {
    const made = new Tensor(library, memoryInfo, { data, shape: dimensions });
    tensors.push(made);
    return made;
  };
  binding.bindInput('input_ids', tensor(BigInt64Array.from(tokens, BigInt), [1, tokens.length]));
  binding.bindInput('attention_mask', tensor(new BigInt64Array(tokens.length).fill(1n), [1, tokens.length]));
  for (let layer = 0; layer < numLayers; layer++) {
    for (const part of ['key', 'value']) {
      const kv = tensor(new Float32Array(numKvHeads * tokens.length * headDim), shape);
      binding.bindInput(`past_key_values.${layer}.${part}`, kv);
      binding.bindOutput(`present.${layer}.${part}`, kv);
    }
  }
  const logits = new Float32Array(vocabSize);
  binding.bindOutput('logits', tensor(logits, [1, 1, vocabSize]));
  runOptions.terminate();
  assert.throws(() => session.run(binding, runOptions), /terminate flag/);
  runOptions.resume();
  session.run(binding, runOptions);
  for (const made of tensors) made[Symbol.dispose]();
  assert.deepEqual(copiedOnDevice(environment, session, memoryInfo), new Int32Array([3, 4, 0, 0]));
  return logits;
}

/** Two rows of a device's memory, of which one is copied to; the CPU is the device. */
function copiedOnDevice(environment: Environment, session: Session, hostMemoryInfo: NativeHandle): Int32Array {
  const { address, name, isHost } = session.inputMemory('past_key_values.0.key');
  assert.deepEqual([name, isHost], ['Cpu', true]);
  using copier = new RowCopier(environment, { rowBytes: 8, hostMemoryInfo, session: { intraOpThreads: 1 } });
  using memory = new DeviceMemory({ session, memoryInfo: address, copier });
  const [region] = memory.allocateZeroed(16, 1);
  assert.ok(region !== undefined);
  const target = { range: region.range(0, 16), memoryInfo: address };
  const source = { values: Int32Array.of(1, 2, 3, 4) };
  copier.copy(source, target, { from: BigInt64Array.of(1n), to: BigInt64Array.of(0n) });
  const result = { values: new Int32Array(4) };
  copier.copy(target, result, { from: BigInt64Array.of(0n, 1n), to: BigInt64Array.of(0n, 1n) });
  region[Symbol.dispose]();
  return result.values;
}

/** The CPU's library has neither of these providers; that it refuses them by name, and no worse, is what is wanted. */
function appendProviders(library: OrtLibrary): void {
  const { api } = library;
  using options = createSessionOptions(library, { intraOpThreads: 1 });
  const xnnpack = () =>
    check(library, api.SessionOptionsAppendExecutionProvider(options.address, 'XNNPACK', null, null, 0), 'use XNNPACK');
  assert.throws(xnnpack, /XNNPACK execution provider is not supported in this build/);
  const cuda = () => {
    using settings = createHandle(library, 'CUDA options', (out) => api.CreateCUDAProviderOptions(out));
    check(library, api.SessionOptionsAppendExecutionProvider_CUDA_V2(options.address, settings.address), 'use CUDA');
  };
  assert.throws(cuda, /CUDA/i);
}

test('every function of the table does what its name says', () => {
  const called = new Set<string>();
  const library = recordingLibrary(called);
  const tokens = [1, 3, 200, 17, 5];

  const logits = runByHand(library, tokens);
  appendProviders(library);

  assert.ok(availableProviders(library).includes('CPUExecutionProvider'));

  assert.deepEqual([...called].sort(), Object.keys(ORT_FUNCTIONS).sort());
  assert.deepEqual(liveHandlesByKind(), {});
  using runner = tinyRunner();
  assert.equal(argmax(logits), argmax(runRow(runner, anEntry(0, tokens))));
});

test('indices ascend, as the members of the struct do', () => {
  const indices = Object.values(ORT_FUNCTIONS).map(([index]) => index);
  assert.deepEqual(
    indices,
    [...new Set(indices)].sort((a, b) => a - b),
  );
});
