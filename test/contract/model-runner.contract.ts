/** What every ModelRunner promises, whatever is behind it: tests to be run on each of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelRunner } from '../../src/runtime/engine/model-runner.ts';
import type { StepEntry } from '../../src/runtime/scheduler/step-plan.ts';

/** Largest difference of two logits that are computed in different ways from the same tokens. */
const TOLERANCE = 1e-3;

/** Logits of the sequences that `steps` compute, each step a list of entries; only rows that were wanted are kept. */
function runSteps(runner: ModelRunner, steps: readonly (readonly StepEntry[])[]): Map<number, Float32Array> {
  const rows = new Map<number, Float32Array>();
  for (const entries of steps) {
    const numTokens = entries.reduce((sum, { tokens }) => sum + tokens.length, 0);
    const { logits } = runner.run({ entries, numTokens });
    assert.equal(logits.length, entries.length, 'one result per entry');
    for (const [i, { sequenceId, wantsLogits }] of entries.entries()) {
      const row = logits[i];
      assert.equal(row !== undefined, wantsLogits, 'logits for those that want some, and no others');
      if (row !== undefined) rows.set(sequenceId, row.slice());
    }
  }
  return rows;
}

function anEntry(sequenceId: number, slot: number, rest: { start?: number; tokens: readonly number[] }): StepEntry {
  const { start = 0, tokens } = rest;
  return { sequenceId, slot, start, tokens: Int32Array.from(tokens), wantsLogits: true };
}

/** One sequence in steps of at most `size` tokens. */
function inChunks(sequenceId: number, slot: number, { tokens, size }: { tokens: readonly number[]; size: number }) {
  return Array.from({ length: Math.ceil(tokens.length / size) }, (_, i) => [
    anEntry(sequenceId, slot, { start: i * size, tokens: tokens.slice(i * size, (i + 1) * size) }),
  ]);
}

function assertSameRow(actual: Float32Array | undefined, expected: Float32Array | undefined): void {
  assert.ok(actual !== undefined && expected !== undefined, 'both have logits');
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    const difference = Math.abs(value - (expected[i] ?? Number.NaN));
    assert.ok(difference < TOLERANCE, `logit ${i} is ${value}, not ${expected[i]}`);
  }
}

/**
 * Defines the tests. `create` makes a new runner with at least 4 slots, 32 positions and a vocabulary of 4; each test disposes
 * of its own.
 */
export function modelRunnerContract(name: string, create: () => ModelRunner): void {
  /** `count` tokens of the runner's vocabulary, other ones for another `seed`. */
  const someTokens = ({ vocabSize }: ModelRunner, count: number, seed: number) =>
    Array.from({ length: count }, (_, i) => (i * i + 3 * i * seed + seed) % vocabSize);

  test(`${name}: rows are finite and as long as the vocabulary`, () => {
    using runner = create();
    const row = runSteps(runner, [[anEntry(1, 0, { tokens: someTokens(runner, 5, 1) })]]).get(1);
    assert.equal(row?.length, runner.vocabSize);
    assert.ok(row?.every(Number.isFinite));
  });

  test(`${name}: an entry that wants no logits has none`, () => {
    using runner = create();
    const tokens = someTokens(runner, 6, 1);
    const steps = [
      [{ ...anEntry(1, 0, { tokens: tokens.slice(0, 4) }), wantsLogits: false }],
      [{ ...anEntry(1, 0, { start: 4, tokens: tokens.slice(4, 5) }), wantsLogits: false }],
      [anEntry(1, 0, { start: 5, tokens: tokens.slice(5) })],
    ];
    assert.deepEqual([...runSteps(runner, steps).keys()], [1]);
  });

  test(`${name}: the same tokens give the same logits, whole, in chunks or one by one`, () => {
    using runner = create();
    const tokens = someTokens(runner, 23, 2);
    const whole = runSteps(runner, inChunks(1, 0, { tokens, size: 23 })).get(1);
    for (const [i, size] of [8, 5, 1].entries()) {
      const id = i + 2;
      assertSameRow(runSteps(runner, inChunks(id, i + 1, { tokens, size })).get(id), whole);
    }
  });

  test(`${name}: other tokens before give other logits`, () => {
    using runner = create();
    const last = someTokens(runner, 1, 1);
    const rows = runSteps(runner, [
      [anEntry(1, 0, { tokens: [0, 1, ...last] }), anEntry(2, 1, { tokens: [1, 0, ...last] })],
    ]);
    assert.notDeepEqual(rows.get(1), rows.get(2));
  });

  test(`${name}: who else is in a step makes no difference`, () => {
    using runner = create();
    const all = [7, 1, 19, 12].map((length, i) => someTokens(runner, length + 1, i));
    const alone = all.map((tokens, i) => runSteps(runner, inChunks(i, 0, { tokens, size: tokens.length })).get(i));
    const prompts = all.map((tokens, i) => anEntry(10 + i, i, { tokens: tokens.slice(0, -1) }));
    const last = all.map((tokens, i) =>
      anEntry(10 + i, i, { start: tokens.length - 1, tokens: tokens.slice(tokens.length - 1) }),
    );
    const together = runSteps(runner, [prompts, last.toReversed()]);
    for (const [i, row] of alone.entries()) assertSameRow(together.get(10 + i), row);
  });

  test(`${name}: slots need not be next to each other, and a slot that a step leaves out is left alone`, () => {
    using runner = create();
    const tokens = someTokens(runner, 9, 3);
    const whole = runSteps(runner, inChunks(1, 0, { tokens, size: 9 })).get(1);
    const outer = [2, 3].map((id) => inChunks(id, id === 2 ? 0 : 3, { tokens, size: 1 }));
    const middle = inChunks(4, 1, { tokens, size: 4 });
    // The one in the middle is in its prompt: it takes part in every third step only.
    const steps = tokens.map((_, i) => [
      ...outer.flatMap((chunks) => chunks[i] ?? []),
      ...(i % 3 === 0 ? (middle[i / 3] ?? []) : []),
    ]);
    const rows = runSteps(runner, steps);
    for (const id of [2, 3, 4]) assertSameRow(rows.get(id), whole);
  });

  test(`${name}: what was in a slot before makes no difference`, () => {
    using runner = create();
    const tokens = someTokens(runner, 6, 4);
    const fresh = runSteps(runner, inChunks(1, 1, { tokens, size: 6 })).get(1);
    runSteps(runner, inChunks(2, 0, { tokens: someTokens(runner, 30, 5), size: 30 }));
    assertSameRow(runSteps(runner, inChunks(3, 0, { tokens, size: 2 })).get(3), fresh);
  });

  test(`${name}: a slot holds exactly maxLength positions`, () => {
    using runner = create();
    const tokens = someTokens(runner, runner.maxLength, 6);
    runSteps(runner, inChunks(1, 0, { tokens, size: runner.maxLength - 1 }));
    assert.throws(() => runSteps(runner, [[anEntry(1, 0, { start: runner.maxLength, tokens: [0] })]]));
    assert.throws(() => runSteps(runner, [[anEntry(2, 1, { tokens: [...tokens, 0] })]]));
  });

  test(`${name}: plans that cannot be computed are refused`, () => {
    using runner = create();
    const entries = {
      'a slot too many': [anEntry(1, runner.numSlots, { tokens: [0] })],
      'a slot below 0': [anEntry(1, -1, { tokens: [0] })],
      'a slot twice': [anEntry(1, 0, { tokens: [0] }), anEntry(2, 0, { tokens: [0] })],
      'no tokens': [anEntry(1, 0, { tokens: [] })],
      'a token too high': [anEntry(1, 0, { tokens: [0, runner.vocabSize] })],
      'a token below 0': [anEntry(1, 0, { tokens: [-1] })],
      'positions that were never computed': [anEntry(1, 0, { start: 3, tokens: [0] })],
    };
    for (const [problem, plan] of Object.entries(entries)) {
      assert.throws(() => runSteps(runner, [plan]), Error, problem);
    }
  });
}
