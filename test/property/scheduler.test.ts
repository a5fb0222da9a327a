/** The scheduler against its own books, in worlds small enough that everything collides soon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Operation, SchedulerWorld, type WorldConfig } from '../support/engine-scheduler-world.ts';

const config: fc.Arbitrary<WorldConfig> = fc.record({
  numSlots: fc.constantFrom(1, 1, 2, 2, 3, 4),
  maxStepTokens: fc.integer({ min: 1, max: 8 }),
  maxChunkTokens: fc.integer({ min: 1, max: 8 }),
  maxWaitingRequests: fc.oneof(fc.constant(20), fc.nat(5)),
  maxWaitingTokens: fc.oneof(fc.constant(200), fc.nat(30)),
  agingMs: fc.integer({ min: 1, max: 6 }),
  maxBranches: fc.constantFrom(0, 1, 3),
  storeBlocks: fc.constantFrom(0, 1, 3, 12),
  stepMs: fc.nat(2),
});

/** What many prompts begin with, so that there is something to find in a prefix store. */
const COMMON = [0, 1, 1, 0, 1, 0, 0, 1];
const prompt = fc
  .tuple(fc.nat(COMMON.length), fc.array(fc.nat(1), { minLength: 1, maxLength: 5 }))
  .map(([common, own]) => [...COMMON.slice(0, common), ...own]);

const submit: fc.Arbitrary<Operation> = fc.record({
  type: fc.constant('submit'),
  prompt,
  turns: fc.array(fc.record({ keep: fc.nat(12), grow: fc.integer({ min: 1, max: 4 }), alternatives: fc.nat(4) }), {
    maxLength: 5,
  }),
  isSingle: fc.boolean(),
  priority: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(9)),
  timeoutMs: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
});
const abort: fc.Arbitrary<Operation> = fc.record({
  type: fc.constant('abort'),
  index: fc.nat(20),
  duringStep: fc.boolean(),
});
const step: fc.Arbitrary<Operation> = fc.record({ type: fc.constant('step'), failing: fc.constant(undefined) });
const failingStep: fc.Arbitrary<Operation> = fc.record({
  type: fc.constant('step'),
  failing: fc.oneof(fc.constant('all' as const), fc.nat(3)),
});
const advance: fc.Arbitrary<Operation> = fc.record({ type: fc.constant('advance'), ms: fc.nat(10) });
const mode: fc.Arbitrary<Operation> = fc.record({
  type: fc.constant('mode'),
  mode: fc.constantFrom('open' as const, 'drain' as const),
});

const operations = fc.array(
  fc.oneof(
    { arbitrary: submit, weight: 6 },
    { arbitrary: step, weight: 8 },
    { arbitrary: advance, weight: 2 },
    { arbitrary: abort, weight: 2 },
    { arbitrary: failingStep, weight: 1 },
    { arbitrary: mode, weight: 1 },
  ),
  { maxLength: 40, size: 'max' },
);

function run(world: SchedulerWorld, script: readonly Operation[]): unknown[] {
  for (const operation of script) world.apply(operation);
  world.finish();
  return world.trace;
}

test('whatever happens, the books balance, nobody is overtaken by the less urgent, starved or left without exactly one end', () => {
  fc.assert(
    fc.property(config, operations, (limits, script) => {
      run(new SchedulerWorld(limits), script);
    }),
    { numRuns: 500, includeErrorInReport: true },
  );
});

test('the same operations give the same steps', () => {
  fc.assert(
    fc.property(config, operations, (limits, script) => {
      assert.deepEqual(run(new SchedulerWorld(limits), script), run(new SchedulerWorld(limits), script));
    }),
    { numRuns: 50, includeErrorInReport: true },
  );
});
