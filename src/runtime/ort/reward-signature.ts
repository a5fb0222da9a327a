/** What a reward model's graph must look like, and the comparison of a loaded graph with it. */
import { GatewayError } from '../errors.ts';
import { ATTENTION_MASK, INPUT_IDS } from './decoder-signature.ts';
import type { TensorSpec } from './tensor-spec.ts';

/** Sizes of a reward model, from its model folder. */
export type RewardConfig = {
  readonly vocabSize: number;
  /** Tokens of a row; at most the context length that the graph was exported for. */
  readonly maxLength: number;
};

export const REWARD = 'reward';

/** By name. Batch and sequence are known at run time only. */
const INPUTS: ReadonlyMap<string, string> = new Map([
  [INPUT_IDS, 'int64[?, ?]'],
  [ATTENTION_MASK, 'int64[?, ?]'],
]);
const OUTPUTS: ReadonlyMap<string, string> = new Map([[REWARD, 'float32[?]']]);

type Signature = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

/** Throws `GatewayError` (`backend_failed`) that names every input and output of the graph which does not fit. */
export function checkRewardSignature({ inputs, outputs }: Signature): void {
  const problems = [...compare('input', inputs, INPUTS), ...compare('output', outputs, OUTPUTS)];
  if (problems.length === 0) return;
  throw new GatewayError('backend_failed', `the graph is not that of a reward model: ${problems.join('; ')}`);
}

function compare(direction: string, specs: readonly TensorSpec[], expected: ReadonlyMap<string, string>): string[] {
  const actual = new Map(specs.map((spec) => [spec.name, spec]));
  const problems = [...expected].flatMap(([name, wanted]) => {
    const spec = actual.get(name);
    if (spec === undefined) return [`${direction} ${name} is missing`];
    const found = `${spec.type}[${spec.shape.map((size) => (size === -1 ? '?' : size)).join(', ')}]`;
    return found === wanted ? [] : [`${direction} ${name} is ${found}, not ${wanted}`];
  });
  const unexpected = specs.filter(({ name }) => !expected.has(name));
  return [...problems, ...unexpected.map(({ name }) => `${direction} ${name} is unexpected`)];
}
