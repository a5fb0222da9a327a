/**
 * Block matrices as ggml stores them. Blocks map one to one: the same 32 levels, and the scale rounded from single to half
 * precision (relative error at most 2^-11; what the conversion changes at all).
 */
import { BLOCK, type BlockMatrix } from '../weights/decoder-weights.ts';
import { toHalf } from './half.ts';

/** Bytes of a block: a half as scale, then the levels. */
const BYTES = { 8: 2 + BLOCK, 4: 2 + BLOCK / 2 } as const;

export function numBlockBytes({ rows, columns, bits }: Pick<BlockMatrix, 'rows' | 'columns' | 'bits'>): number {
  return ((rows * columns) / BLOCK) * BYTES[bits];
}

/** Q8_0 (int8 levels) or Q4_0 (nibbles around 8: element i low, element i + 16 high), by the matrix's bits. */
export function toGgmlBlocks(matrix: BlockMatrix): Uint8Array {
  const { levels, scales, bits } = matrix;
  const out = new Uint8Array(numBlockBytes(matrix));
  const size = BYTES[bits];
  for (let block = 0; block < scales.length; block++) {
    const to = block * size;
    const from = block * BLOCK;
    const scale = toHalf(scales[block] ?? 0);
    out[to] = scale & 0xff;
    out[to + 1] = scale >>> 8;
    if (bits === 8) {
      for (let i = 0; i < BLOCK; i++) out[to + 2 + i] = levels[from + i] ?? 0;
    } else {
      for (let i = 0; i < BLOCK / 2; i++) {
        out[to + 2 + i] = ((levels[from + i] ?? 0) + 8) | (((levels[from + i + BLOCK / 2] ?? 0) + 8) << 4);
      }
    }
  }
  return out;
}

/**
 * Rows of query or key heads, from pairs (i, i + half) to neighbours (2 i, 2 i + 1): ggml's llama turns neighbours. As
 * llama.cpp's own converter does it (convert_hf_to_gguf.py, LlamaModel.permute).
 */
export function interleaveRotary(matrix: BlockMatrix, headDim: number): BlockMatrix {
  const { rows, columns } = matrix;
  const half = headDim / 2;
  const levels = new Int8Array(matrix.levels.length);
  const scales = new Float32Array(matrix.scales.length);
  const perRow = columns / BLOCK;
  for (let row = 0; row < rows; row++) {
    const inHead = row % headDim;
    const to = row - inHead + (inHead % half) * 2 + Math.floor(inHead / half);
    levels.set(matrix.levels.subarray(row * columns, (row + 1) * columns), to * columns);
    scales.set(matrix.scales.subarray(row * perRow, (row + 1) * perRow), to * perRow);
  }
  return { ...matrix, levels, scales };
}
