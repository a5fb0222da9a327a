/** The engine against the oracle: whatever else runs, a request answers what it answers alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EngineOperation, engineWorldConfig, operations, request } from '../support/engine-operations.ts';
import { EnginePropertyWorld } from '../support/engine-property-world.ts';

function run(world: EnginePropertyWorld, script: readonly EngineOperation[]): unknown[] {
  for (const operation of script) world.apply(operation);
  world.finish();
  return world.trace;
}

function worldAndScript(trouble: boolean) {
  return engineWorldConfig.chain((config) => fc.tuple(fc.constant(config), operations(config.vocabSize, { trouble })));
}

test('batching changes no answer, under any slots, budget, chunk cap and interleaving', () => {
  fc.assert(
    fc.property(worldAndScript(false), ([config, script]) => {
      run(new EnginePropertyWorld(config), script);
    }),
    { numRuns: 150, includeErrorInReport: true },
  );
});

test('cancels, deadlines, failing steps and drains end those they hit, once, and change nothing for the others', () => {
  fc.assert(
    fc.property(worldAndScript(true), ([config, script]) => {
      run(new EnginePropertyWorld(config), script);
    }),
    { numRuns: 200, includeErrorInReport: true },
  );
});

test('the same operations give the same events', () => {
  fc.assert(
    fc.property(worldAndScript(true), ([config, script]) => {
      assert.deepEqual(run(new EnginePropertyWorld(config), script), run(new EnginePropertyWorld(config), script));
    }),
    { numRuns: 30, includeErrorInReport: true },
  );
});

test('a crowd of equal requests gets equal answers', () => {
  const crowd = engineWorldConfig.chain((config) =>
    fc.tuple(fc.constant(config), request(config.vocabSize), fc.integer({ min: 2, max: 8 })),
  );
  fc.assert(
    fc.property(crowd, ([config, same, count]) => {
      const limits = { ...config.limits, maxWaitingRequests: 2 * count, maxWaitingTokens: 1_000 };
      const submit: EngineOperation = {
        type: 'submit',
        request: { ...same, tellsChoice: false },
        timeoutMs: undefined,
      };
      const world = new EnginePropertyWorld({ ...config, limits });
      const answers = run(world, new Array(count).fill(submit)).map((entry) => (entry as [number, unknown])[1]);
      assert.equal(answers.length, count);
      for (const answer of answers) assert.deepEqual(answer, answers[0]);
    }),
    { numRuns: 40, includeErrorInReport: true },
  );
});
