import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleaveRotary, numBlockBytes, toGgmlBlocks } from '../../../../bench/peers/gguf/blocks.ts';
import { fromHalf } from '../../../../bench/peers/gguf/half.ts';
import { randomModel } from '../../../../bench/peers/large/random-model.ts';
import { BLOCK, type BlockMatrix } from '../../../../bench/peers/weights/decoder-weights.ts';
import { TINY_CONFIG } from './tiny-config.ts';

const matrixOf = (bits: 8 | 4): BlockMatrix => {
  const [layer = assert.fail('the model has a layer')] = randomModel(TINY_CONFIG, { bits, seed: 7, unsaid: [] }).layers;
  return layer.qkv;
};

/** ggml's dequantize_row_q8_0 and dequantize_row_q4_0, from its definition of the blocks. */
function dequantize(bytes: Uint8Array, bits: 8 | 4): number[] {
  const size = 2 + (BLOCK * bits) / 8;
  return Array.from({ length: bytes.length / size }, (_, block) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset + block * size, size);
    const scale = fromHalf(view.getUint16(0, true));
    return Array.from({ length: BLOCK }, (_, i) => {
      if (bits === 8) return view.getInt8(2 + i) * scale;
      const pair = view.getUint8(2 + (i % (BLOCK / 2)));
      return ((i < BLOCK / 2 ? pair & 15 : pair >> 4) - 8) * scale;
    });
  }).flat();
}

for (const bits of [8, 4] as const) {
  test(`ggml reads the same weights out of ${bits}-bit blocks`, () => {
    const matrix = matrixOf(bits);
    const bytes = toGgmlBlocks(matrix);
    assert.equal(bytes.length, numBlockBytes(matrix));
    const expected = [...matrix.levels].map((level, i) => level * (matrix.scales[Math.floor(i / BLOCK)] ?? Number.NaN));
    assert.deepEqual(dequantize(bytes, bits), expected);
  });
}

test('turning neighbours of permuted rows is turning halves of the rows as they were', () => {
  const headDim = 4;
  const angles = [0.3, 1.1];
  // One column: a row's product is its only weight.
  const head = [1, 2, 3, 4];
  const levels = Int8Array.from(head.flatMap((value) => new Array(BLOCK).fill(value)));
  const matrix: BlockMatrix = { rows: 4, columns: BLOCK, bits: 8, levels, scales: new Float32Array(4).fill(1) };
  const permuted = [0, 1, 2, 3].map((row) => interleaveRotary(matrix, headDim).levels[row * BLOCK] ?? Number.NaN);
  const turn = (values: readonly number[], pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([i, j], k) => {
      const [a, b, angle] = [values[i] ?? Number.NaN, values[j] ?? Number.NaN, angles[k] ?? Number.NaN];
      return [a * Math.cos(angle) - b * Math.sin(angle), b * Math.cos(angle) + a * Math.sin(angle)];
    });
  const halves = turn(head, [
    [0, 2],
    [1, 3],
  ]);
  const neighbours = turn(permuted, [
    [0, 1],
    [2, 3],
  ]);
  assert.deepEqual(neighbours, halves);
});
