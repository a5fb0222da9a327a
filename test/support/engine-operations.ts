/** Random grammars, requests and operations for engines in small worlds. */
import fc from 'fast-check';
import type { GenerateRequest } from '../../src/runtime/engine/generate.ts';
import { choiceNode } from '../../src/runtime/grammar/builder.ts';
import type { Grammar, GrammarNode } from '../../src/runtime/grammar/grammar.ts';
import type { SchedulerConfig } from '../../src/runtime/scheduler/scheduler.ts';
import { grammarOf } from './engine-grammars.ts';

export type EngineWorldConfig = {
  readonly vocabSize: number;
  readonly numSlots: number;
  readonly limits: SchedulerConfig;
  readonly prefixStoreBytes: number;
  readonly prefixBlockTokens: number;
  /** Milliseconds that every step takes. */
  readonly stepMs: number;
};

export const engineWorldConfig: fc.Arbitrary<EngineWorldConfig> = fc.record({
  vocabSize: fc.integer({ min: 2, max: 4 }),
  numSlots: fc.integer({ min: 1, max: 4 }),
  limits: fc.record({
    maxStepTokens: fc.integer({ min: 1, max: 8 }),
    maxChunkTokens: fc.integer({ min: 1, max: 8 }),
    maxWaitingRequests: fc.integer({ min: 0, max: 6 }),
    maxWaitingTokens: fc.integer({ min: 0, max: 40 }),
    agingMs: fc.integer({ min: 1, max: 5 }),
    maxBranches: fc.constantFrom(0, 1, 15),
  }),
  // 10 bytes a token: none, less than a block, and up to a dozen blocks.
  prefixStoreBytes: fc.constantFrom(0, 9, 20, 50, 90, 250),
  prefixBlockTokens: fc.integer({ min: 1, max: 3 }),
  stepMs: fc.nat(2),
});

/**
 * Layers of choices that lead forward only. All alternatives of a choice are equally long and different, so none is
 * another's prefix.
 */
function grammar(vocabSize: number): fc.Arbitrary<Grammar> {
  const token = fc.nat(vocabSize - 1);
  const choice = fc.integer({ min: 1, max: 3 }).chain((length) =>
    fc.record({
      field: fc.constantFrom(
        'control' as const,
        'function' as const,
        'args' as const,
        'status' as const,
        'words' as const,
      ),
      heads: fc.uniqueArray(fc.array(token, { minLength: length, maxLength: length }), {
        minLength: 1,
        maxLength: 3,
        selector: (tokens) => tokens.join(),
      }),
      /** How far forward each alternative leads, beyond the next node. */
      skips: fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }),
    }),
  );
  return fc.array(choice, { minLength: 1, maxLength: 5 }).map((choices) => {
    const nodes: GrammarNode[] = choices.map(({ field, heads, skips }, i) =>
      choiceNode(
        field,
        heads.map((tokens, j) => ({ tokens, next: Math.min(choices.length, i + 1 + (skips[j] ?? 0)) })),
      ),
    );
    return grammarOf([...nodes, { type: 'end' }]);
  });
}

/** What many prompts begin with, so that there is something to find in a prefix store. */
const COMMON = [0, 1, 0, 0, 1, 1, 0, 1, 0, 0];

function prompt(vocabSize: number): fc.Arbitrary<Int32Array> {
  const own = fc.array(fc.nat(vocabSize - 1), { minLength: 1, maxLength: 12 });
  const length = fc.nat(COMMON.length);
  return fc.tuple(fc.oneof(fc.constant(0), length), own).map(([common, tokens]) => {
    return Int32Array.from([...COMMON.slice(0, common), ...tokens.slice(0, 12 - common)]);
  });
}

export function request(vocabSize: number): fc.Arbitrary<GenerateRequest> {
  return fc.record({
    promptTokens: prompt(vocabSize),
    grammar: grammar(vocabSize),
    sampling: fc.record({ temperature: fc.constantFrom(0, 0.7, 2), seed: fc.nat(3) }),
    priority: fc.nat(9),
    candidates: fc.constantFrom(1, 1, 2, 3, 16),
    tellsChoice: fc.boolean(),
    bestChoice: fc.boolean(),
  });
}

export type EngineOperation =
  /** `supplyAfter`: so many steps later comes the grammar; undefined: with the request. */
  | { type: 'submit'; request: GenerateRequest; timeoutMs: number | undefined; supplyAfter?: number | undefined }
  /** The index counts the requests so far, modulo their number. */
  | { type: 'cancel'; index: number }
  | { type: 'step' }
  /** `nan`: position of the entry whose logits are no numbers, modulo their number. */
  | { type: 'failingStep'; nan: number | undefined }
  /** The next time that KV is moved in this way, it fails. */
  | { type: 'failingTransfer'; kind: 'save' | 'restore' | 'copy' }
  | { type: 'advance'; ms: number }
  | { type: 'drain' };

/** Without `trouble` there are only submissions and steps. */
export function operations(vocabSize: number, { trouble }: { trouble: boolean }): fc.Arbitrary<EngineOperation[]> {
  const always = [
    {
      arbitrary: fc.record({
        type: fc.constant('submit' as const),
        request: request(vocabSize),
        timeoutMs: trouble ? fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }) : fc.constant(undefined),
        supplyAfter: fc.option(fc.nat(4), { nil: undefined }),
      }),
      weight: 6,
    },
    { arbitrary: fc.constant({ type: 'step' as const }), weight: 8 },
  ];
  const troubles = [
    { arbitrary: fc.record({ type: fc.constant('cancel' as const), index: fc.nat(15) }), weight: 2 },
    {
      arbitrary: fc.record({
        type: fc.constant('failingStep' as const),
        nan: fc.option(fc.nat(3), { nil: undefined }),
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({
        type: fc.constant('failingTransfer' as const),
        kind: fc.constantFrom('save' as const, 'restore' as const, 'copy' as const),
      }),
      weight: 1,
    },
    { arbitrary: fc.record({ type: fc.constant('advance' as const), ms: fc.nat(8) }), weight: 2 },
    { arbitrary: fc.constant({ type: 'drain' as const }), weight: 1 },
  ];
  return fc.array(fc.oneof(...always, ...(trouble ? troubles : [])), { maxLength: 30 });
}
