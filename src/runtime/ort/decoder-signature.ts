/** What a decoder's graph must look like, and the comparison of a loaded graph with it. */
import { GatewayError } from '../errors.ts';
import type { TensorSpec } from './tensor-spec.ts';

/** Sizes of a decoder, from its model folder. */
export type DecoderConfig = {
  readonly numLayers: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  /** Positions per slot; at most the context length that the graph was exported for. */
  readonly maxLength: number;
};

export const INPUT_IDS = 'input_ids';
export const ATTENTION_MASK = 'attention_mask';
export const POSITION_IDS = 'position_ids';
export const LOGITS = 'logits';

/** What a session says that its graph takes and gives. */
export type DecoderSignature = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

/** Names of one KV tensor: as the graph reads it and as it writes it. */
export type KvNames = { readonly past: string; readonly present: string };

/** In the order of the KV buffers: key and value of layer 0, of layer 1, ... */
export function kvNames(numLayers: number): readonly KvNames[] {
  return Array.from({ length: numLayers * 2 }, (_, i) => {
    const name = `${i >> 1}.${i % 2 === 0 ? 'key' : 'value'}`;
    return { past: `past_key_values.${name}`, present: `present.${name}` };
  });
}

/**
 * Throws `GatewayError` (`backend_failed`) that names every input and output of the graph which does not fit `config`.
 * Sizes that the graph leaves open fit; ONNX Runtime checks them at each run.
 */
export function checkDecoderSignature({ inputs, outputs }: DecoderSignature, config: DecoderConfig): void {
  const { numKvHeads, headDim, vocabSize } = config;
  const names = kvNames(config.numLayers);
  const kv = { type: 'float32', shape: [-1, numKvHeads, -1, headDim] } as const;
  const tokens = { type: 'int64', shape: [-1, -1] } as const;
  const problems = [
    ...compare('input', inputs, {
      required: [
        { name: INPUT_IDS, ...tokens },
        { name: ATTENTION_MASK, ...tokens },
        ...names.map(({ past }) => ({ name: past, ...kv })),
      ],
      optional: [{ name: POSITION_IDS, ...tokens }],
    }),
    ...compare('output', outputs, {
      // One row per sequence, after its last token: a graph with a row per token would need another buffer.
      required: [
        { name: LOGITS, type: 'float32', shape: [-1, 1, vocabSize] },
        ...names.map(({ present }) => ({ name: present, ...kv })),
      ],
      optional: [],
    }),
  ];
  if (problems.length > 0) {
    throw new GatewayError(
      'backend_failed',
      `the graph does not fit the model's configuration: ${problems.join('; ')}`,
    );
  }
}

type Expected = { readonly required: readonly TensorSpec[]; readonly optional: readonly TensorSpec[] };

function compare(direction: string, actual: readonly TensorSpec[], { required, optional }: Expected): string[] {
  const expected = new Map([...required, ...optional].map((spec) => [spec.name, spec]));
  const present = new Set(actual.map(({ name }) => name));
  const problems = required
    .filter(({ name }) => !present.has(name))
    .map((spec) => `${direction} ${spec.name} ${describe(spec)} is missing`);
  for (const spec of actual) {
    const wanted = expected.get(spec.name);
    if (wanted === undefined) problems.push(`${direction} ${spec.name} is unexpected`);
    else if (!fits(spec, wanted)) {
      problems.push(`${direction} ${spec.name} is ${describe(spec)}, not ${describe(wanted)}`);
    }
  }
  return problems;
}

/** A size that either side leaves open fits, but for a wanted 1: that one is not ours to find out at run time. */
function fits(actual: TensorSpec, wanted: TensorSpec): boolean {
  return (
    actual.type === wanted.type &&
    actual.shape.length === wanted.shape.length &&
    actual.shape.every((size, i) => {
      const want = wanted.shape[i] ?? -1;
      return size === want || want === -1 || (size === -1 && want !== 1);
    })
  );
}

function describe({ type, shape }: TensorSpec): string {
  return `${type}[${shape.map((size) => (size === -1 ? '?' : size)).join(', ')}]`;
}
