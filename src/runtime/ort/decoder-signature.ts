/** What a decoder's graph must look like, the comparison of a loaded graph with it, and what the graph leaves to choose. */
import { DEFAULT_NAMES, type DecoderConfig, type KvType, kvNames } from '../decoder-config.ts';
import { GatewayError } from '../errors.ts';
import type { ElementType } from './tensor.ts';
import type { TensorSpec } from './tensor-spec.ts';

export const INPUT_IDS = DEFAULT_NAMES.inputIds;
export const ATTENTION_MASK = DEFAULT_NAMES.attentionMask;

/** What graphs of one architecture may do in different ways; read from the graph itself. */
export type DecoderLayout = {
  readonly idType: IntegerType;
  readonly maskType: IntegerType;
  /** Undefined for a graph that finds positions itself. */
  readonly positionType: IntegerType | undefined;
  readonly kvType: KvType;
  readonly logitsType: 'float32' | 'float16';
  /** Whether there is a row of logits for every token of a chunk, or for the last one only. */
  readonly logitsOf: 'all' | 'last';
};

export type IntegerType = 'int64' | 'int32';

/** What a session says that its graph takes and gives. */
export type DecoderSignature = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

/** Like a spec, with every type that will do. */
type Wanted = { readonly name: string; readonly types: readonly ElementType[]; readonly shape: readonly number[] };

const INTEGERS: readonly IntegerType[] = ['int64', 'int32'];
const FLOATS: readonly KvType[] = ['float32', 'float16', 'bfloat16'];

/**
 * Returns how the graph does what graphs do differently. Throws `GatewayError` (`backend_failed`) that names every input and
 * output of the graph which does not fit `config`. Sizes that the graph leaves open fit; ONNX Runtime checks them at each run.
 */
export function readDecoderLayout({ inputs, outputs }: DecoderSignature, config: DecoderConfig): DecoderLayout {
  const { numKvHeads, headDim, vocabSize, names = DEFAULT_NAMES } = config;
  const logits = outputs.find(({ name }) => name === names.logits);
  const logitsOf = logits?.shape[1] === 1 ? 'last' : 'all';
  const kvPairs = kvNames(config);
  // All of one type, which the first one sets.
  const kvType = inputs.find(({ name }) => name === kvPairs[0]?.past)?.type;
  const kv = { types: FLOATS.filter((type) => type === kvType), shape: [-1, numKvHeads, -1, headDim] };
  if (kv.types.length === 0) kv.types = [...FLOATS];
  const tokens = { types: INTEGERS, shape: [-1, -1] };
  const problems = [
    ...compare('input', inputs, {
      required: [
        { name: names.inputIds, ...tokens },
        { name: names.attentionMask, ...tokens },
        ...kvPairs.map(({ past }) => ({ name: past, ...kv })),
      ],
      optional: [{ name: names.positionIds, ...tokens }],
    }),
    ...compare('output', outputs, {
      required: [
        { name: names.logits, types: ['float32', 'float16'], shape: [-1, logitsOf === 'last' ? 1 : -1, vocabSize] },
        ...kvPairs.map(({ present }) => ({ name: present, ...kv })),
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
  const typeOf = (name: string) => inputs.find((spec) => spec.name === name)?.type;
  return {
    idType: typeOf(names.inputIds) as IntegerType,
    maskType: typeOf(names.attentionMask) as IntegerType,
    positionType: typeOf(names.positionIds) as IntegerType | undefined,
    kvType: kvType as KvType,
    logitsType: logits?.type as DecoderLayout['logitsType'],
    logitsOf,
  };
}

/**
 * Checks a graph that only appends KV of prompts: the inputs of the decoder's graph, and its KV outputs. Throws like
 * {@link readDecoderLayout}.
 */
export function checkPrefillSignature(signature: DecoderSignature, config: DecoderConfig, layout: DecoderLayout): void {
  const { numKvHeads, headDim, names = DEFAULT_NAMES } = config;
  const kv = { types: [layout.kvType], shape: [-1, numKvHeads, -1, headDim] };
  const problems = [
    ...compare('input', signature.inputs, {
      required: [
        { name: names.inputIds, types: [layout.idType], shape: [-1, -1] },
        { name: names.attentionMask, types: [layout.maskType], shape: [-1, -1] },
        ...kvNames(config).map(({ past }) => ({ name: past, ...kv })),
      ],
      optional: [],
    }),
    ...compare('output', signature.outputs, {
      required: kvNames(config).map(({ present }) => ({ name: present, ...kv })),
      optional: [],
    }),
  ];
  if (layout.positionType !== undefined) problems.push(`a prefill graph cannot go with input ${names.positionIds}`);
  if (problems.length === 0) return;
  throw new GatewayError('backend_failed', `the prefill graph does not fit the model's: ${problems.join('; ')}`);
}

type Expected = { readonly required: readonly Wanted[]; readonly optional: readonly Wanted[] };

function compare(direction: string, actual: readonly TensorSpec[], { required, optional }: Expected): string[] {
  const expected = new Map([...required, ...optional].map((wanted) => [wanted.name, wanted]));
  const present = new Set(actual.map(({ name }) => name));
  const problems = required
    .filter(({ name }) => !present.has(name))
    .map((wanted) => `${direction} ${wanted.name} ${describe(wanted.types, wanted.shape)} is missing`);
  for (const { name, type, shape } of actual) {
    const wanted = expected.get(name);
    if (wanted === undefined) problems.push(`${direction} ${name} is unexpected`);
    else if (!fits({ name, type, shape }, wanted)) {
      problems.push(`${direction} ${name} is ${describe([type], shape)}, not ${describe(wanted.types, wanted.shape)}`);
    }
  }
  return problems;
}

/** A size that either side leaves open fits, but for a wanted 1: that one is not ours to find out at run time. */
function fits({ type, shape }: TensorSpec, wanted: Wanted): boolean {
  return (
    wanted.types.some((one) => one === type) &&
    shape.length === wanted.shape.length &&
    shape.every((size, i) => {
      const want = wanted.shape[i] ?? -1;
      return size === want || want === -1 || (size === -1 && want !== 1);
    })
  );
}

function describe(types: readonly string[], shape: readonly number[]): string {
  return `${types.join(' or ')}[${shape.map((size) => (size === -1 ? '?' : size)).join(', ')}]`;
}
