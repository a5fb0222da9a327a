import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DecoderInputSizes, DecoderInputs } from '../../../../src/runtime/ort/decoder-inputs.ts';
import { liveHandlesByKind } from '../../../../src/runtime/ort/handles.ts';
import { loadOrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { createCpuMemoryInfo, type Tensor } from '../../../../src/runtime/ort/tensor.ts';

const library = loadOrtLibrary();
const LAYOUT = { idType: 'int64', maskType: 'int64', positionType: 'int64' } as const;
const SIZES: DecoderInputSizes = { numSlots: 3, maxChunkTokens: 8, config: { maxLength: 100 }, layout: LAYOUT };

/** Remembers what was bound last. */
class Recorder {
  readonly bound = new Map<string, Tensor>();

  bindInput(name: string, tensor: Tensor): void {
    this.bound.set(name, tensor);
  }

  shape(name: string): readonly number[] | undefined {
    return this.bound.get(name)?.shape;
  }

  values(name: string): number[] {
    const { data } = this.bound.get(name) ?? {};
    assert.ok(data instanceof BigInt64Array || data instanceof Int32Array);
    return Array.from(data, Number);
  }
}

test('a batch of rows: one token each, its position, and as many ones as the row is long', () => {
  using memoryInfo = createCpuMemoryInfo(library);
  using inputs = new DecoderInputs(library, memoryInfo, SIZES);
  const binding = new Recorder();
  inputs.begin({ batch: 3, sequence: 1, length: 65 });
  for (const [row, length] of [65, 1, 7].entries()) {
    inputs.setToken(row, 1000 + row, length - 1);
    inputs.setRowLength(row, length);
  }
  inputs.bind(binding);
  assert.deepEqual(binding.shape('input_ids'), [3, 1]);
  assert.deepEqual(binding.values('input_ids'), [1000, 1001, 1002]);
  assert.deepEqual(binding.values('position_ids'), [64, 0, 6]);
  // 65 is rounded up to 128, which is more than the 100 positions of a slot.
  assert.deepEqual(binding.shape('attention_mask'), [3, 100]);
  const mask = binding.values('attention_mask');
  const sums = [0, 100, 200].map((start) => mask.slice(start, start + 100).reduce((sum, value) => sum + value, 0));
  assert.deepEqual(sums, [65, 1, 7]);
  assert.equal(mask.lastIndexOf(1), 206, 'ones come first in their row');
});

test('a step of a shape that came before uses its tensors again, and leaves nothing of the one before', () => {
  using memoryInfo = createCpuMemoryInfo(library);
  using inputs = new DecoderInputs(library, memoryInfo, { ...SIZES, layout: { ...LAYOUT, positionType: undefined } });
  const binding = new Recorder();
  const step = (length: number, sequence: number) => {
    inputs.begin({ batch: 1, sequence, length });
    for (let i = 0; i < sequence; i++) inputs.setToken(i, length, 0);
    inputs.setRowLength(0, length);
    inputs.bind(binding);
  };
  step(60, 8);
  const mask = binding.bound.get('attention_mask');
  const ids = binding.bound.get('input_ids');
  step(70, 1);
  step(12, 8);
  assert.equal(binding.bound.get('attention_mask'), mask);
  assert.equal(binding.bound.get('input_ids'), ids);
  assert.deepEqual(binding.shape('attention_mask'), [1, 64]);
  assert.equal(binding.values('attention_mask').lastIndexOf(1), 11);
  assert.equal(binding.bound.has('position_ids'), false);
});

test('a graph that wants 32-bit numbers gets them, and one whose KV grows a mask as wide as the longest row', () => {
  using memoryInfo = createCpuMemoryInfo(library);
  const layout = { idType: 'int32', maskType: 'int32', positionType: 'int32' } as const;
  using inputs = new DecoderInputs(library, memoryInfo, {
    ...SIZES,
    config: { maxLength: 100, sharesKvBuffer: false },
    layout,
  });
  const binding = new Recorder();
  inputs.begin({ batch: 1, sequence: 2, length: 5 });
  inputs.setToken(0, 70_000, 3);
  inputs.setToken(1, 7, 4);
  inputs.setRowLength(0, 5);
  inputs.bind(binding);
  assert.deepEqual(binding.values('input_ids'), [70_000, 7]);
  assert.deepEqual(binding.values('position_ids'), [3, 4]);
  assert.deepEqual(binding.values('attention_mask'), [1, 1, 1, 1, 1]);
  assert.ok(binding.bound.get('input_ids')?.data instanceof Int32Array);
});

test('nothing is left of it', () => {
  assert.deepEqual(liveHandlesByKind(), {});
});
