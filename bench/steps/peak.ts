/** What this machine can do at most: matrix products and reading memory, by the same library that the gateway runs on. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { DATA_TYPE, ModelProto } from '../peers/weights/onnx-proto.ts';
import { round } from './stats.ts';

export type Peak = {
  /** Multiply-adds per second, in units of 1e9. */
  readonly gemm_f32_gmacs: number;
  readonly gemm_int8_gmacs: number;
  /** Bytes per second read by a product of a vector and a matrix larger than the caches, in units of 1e9. */
  readonly read_gbytes: number;
};

/** Rows of a long prompt, and a square matrix that stays in the caches. */
const GEMM = { rows: 512, inner: 2048, columns: 2048 };
/** 128 MiB of float32. */
const GEMV = { rows: 1, inner: 4096, columns: 8192 };
const REPEATS = 12;

type Product = typeof GEMM;

/** Takes a second or two; the best of some runs each. */
export async function measurePeak(threads: number): Promise<Peak> {
  const float = { a: DATA_TYPE.float, b: DATA_TYPE.float, out: DATA_TYPE.float, op: 'MatMul' };
  const int8 = { a: DATA_TYPE.uint8, b: DATA_TYPE.int8, out: DATA_TYPE.int32, op: 'MatMulInteger' };
  const f32 = await bestSeconds(GEMM, float, threads);
  const i8 = await bestSeconds(GEMM, int8, threads);
  const read = await bestSeconds(GEMV, float, threads);
  const macs = ({ rows, inner, columns }: Product) => rows * inner * columns;
  return {
    gemm_f32_gmacs: round(macs(GEMM) / f32 / 1e9),
    gemm_int8_gmacs: round(macs(GEMM) / i8 / 1e9),
    read_gbytes: round((GEMV.inner * GEMV.columns * Float32Array.BYTES_PER_ELEMENT) / read / 1e9),
  };
}

type Types = { readonly a: number; readonly b: number; readonly out: number; readonly op: string };

async function bestSeconds(product: Product, types: Types, threads: number): Promise<number> {
  const session = await InferenceSession.create(productModel(product, types), { intraOpNumThreads: threads });
  const { rows, inner } = product;
  const values = types.a === DATA_TYPE.float ? new Float32Array(rows * inner) : new Uint8Array(rows * inner);
  values.fill(1);
  const a = new Tensor(types.a === DATA_TYPE.float ? 'float32' : 'uint8', values, [rows, inner]);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < REPEATS; i++) {
    const startMs = performance.now();
    await session.run({ a });
    best = Math.min(best, (performance.now() - startMs) / 1e3);
  }
  await session.release();
  return best;
}

/** The matrix is a constant, as weights are, so the library may lay it out as it likes. */
function productModel({ rows, inner, columns }: Product, { a, b, out, op }: Types): Uint8Array {
  const info = (name: string, elem_type: number, sizes: readonly number[]) => ({
    name,
    type: { tensor_type: { elem_type, shape: { dim: sizes.map((dim_value) => ({ dim_value })) } } },
  });
  const bytes = inner * columns * (b === DATA_TYPE.float ? Float32Array.BYTES_PER_ELEMENT : 1);
  return ModelProto.encode({
    ir_version: 10,
    opset_import: [{ domain: '', version: 21 }],
    graph: {
      name: 'product',
      node: [{ op_type: op, name: 'product', input: ['a', 'b'], output: ['c'] }],
      initializer: [{ name: 'b', dims: [inner, columns], data_type: b, raw_data: new Uint8Array(bytes) }],
      input: [info('a', a, [rows, inner])],
      output: [info('c', out, [rows, columns])],
    },
  }).finish();
}
