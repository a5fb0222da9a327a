/**
 * The tiny model against PyTorch, whose logits are in golden.json: as it is served, with activations rounded to 8 bit, and with
 * float activations, where it must be exact. Then against itself: however a sequence's tokens are divided over steps, batches and
 * slots, the logits are the same.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  anEntry,
  argmax,
  exactRunner,
  largestDifference,
  runRow,
  runRows,
  TINY_FOLDER,
  tinyRunner,
} from '../unit/runtime/ort/tiny-model.ts';

type Golden = {
  /** Largest difference of served logits that the rounding of activations to 8 bit may make (PyTorch computes with floats). */
  readonly tolerance: number;
  readonly prompts: readonly {
    readonly ids: readonly number[];
    readonly logits_dequantized: readonly number[];
    /** What PyTorch generates. */
    readonly greedy: readonly number[];
  }[];
};

const GOLDEN: Golden = JSON.parse(readFileSync(`${TINY_FOLDER}/golden.json`, 'utf8'));

/** Between two ways to compute the same, with float activations; measured: 2e-5. */
const SAME = 1e-3;

function assertSame(actual: Float32Array | undefined, expected: Float32Array, message: string): void {
  assert.ok(actual !== undefined, message);
  const difference = largestDifference(actual, expected);
  assert.ok(difference < SAME, `${message}: logits differ by ${difference}`);
  assert.equal(argmax(actual), argmax(expected), message);
}

for (const [i, { ids, logits_dequantized, greedy }] of GOLDEN.prompts.entries()) {
  test(`prompt ${i} (${ids.length} tokens): with float activations, logits are PyTorch's`, () => {
    using runner = exactRunner();
    assertSame(runRow(runner, anEntry(0, ids)), Float32Array.from(logits_dequantized), 'logits');
  });

  test(`prompt ${i}: served logits are PyTorch's, but for the rounding of activations`, (t) => {
    using runner = tinyRunner();
    const logits = runRow(runner, anEntry(0, ids));
    const difference = largestDifference(logits, logits_dequantized);
    t.diagnostic(`largest difference ${difference.toFixed(4)}, allowed ${GOLDEN.tolerance}`);
    assert.ok(difference <= GOLDEN.tolerance);
  });

  test(`prompt ${i}: the greedy continuation is PyTorch's`, () => {
    using runner = exactRunner();
    const tokens: number[] = [];
    let row = runRow(runner, anEntry(0, ids));
    while (tokens.length < greedy.length) {
      const token = argmax(row);
      row = runRow(runner, anEntry(0, [token], { start: ids.length + tokens.length }));
      tokens.push(token);
    }
    assert.deepEqual(tokens, greedy);
  });

  test(`prompt ${i}: whole, in chunks and token by token are the same`, () => {
    using runner = exactRunner();
    const whole = runRow(runner, anEntry(0, ids));
    for (const [slot, size] of [16, 1, 13].entries()) {
      let row: Float32Array | undefined;
      for (let start = 0; start < ids.length; start += size) {
        const tokens = ids.slice(start, start + size);
        [row] = runRows(runner, anEntry(slot + 1, tokens, { start, wantsLogits: start + size >= ids.length }));
      }
      assertSame(row, whole, `chunks of ${size}`);
    }
  });
}

/** Prefixes of the prompts, of very different lengths, and each one's logits when it is alone. */
function prefixes(lengths: readonly number[]): { readonly ids: readonly number[]; readonly alone: Float32Array }[] {
  return lengths.map((length, i) => {
    const ids = (GOLDEN.prompts[i % GOLDEN.prompts.length]?.ids ?? []).slice(0, length);
    using runner = exactRunner({ numSlots: 1 });
    return { ids, alone: runRow(runner, anEntry(0, ids)) };
  });
}

test('a row in a batch of 8 sequences of different lengths is the same as alone', () => {
  const sequences = prefixes([1, 30, 2, 60, 17, 33, 8, 64]);
  using runner = exactRunner();
  for (const [slot, { ids }] of sequences.entries()) {
    if (ids.length > 1) runRows(runner, anEntry(slot, ids.slice(0, -1), { wantsLogits: false }));
  }
  const last = sequences.map(({ ids }, slot) => anEntry(slot, ids.slice(-1), { start: ids.length - 1 }));
  // The order of the entries is the scheduler's, not that of the slots.
  const rows = runRows(runner, ...last.toReversed()).toReversed();
  for (const [slot, { alone }] of sequences.entries()) assertSame(rows[slot], alone, `slot ${slot}`);
});

test('slots with gaps between them are the same as alone, and the gaps are not touched', () => {
  const sequences = prefixes([20, 45, 31, 12]);
  const slots = [0, 2, 3, 7];
  using runner = exactRunner();
  const bystander = prefixes([25])[0];
  assert.ok(bystander !== undefined);
  runRows(runner, anEntry(5, bystander.ids.slice(0, -1), { wantsLogits: false }));
  // Token by token, all together: the shorter ones end earlier.
  const rows: (Float32Array | undefined)[] = [];
  for (let start = 0; start < 45; start++) {
    const running = sequences.map(({ ids }, i) => ({ i, ids })).filter(({ ids }) => start < ids.length);
    const entries = running.map(({ i, ids }) => anEntry(slots[i] ?? -1, ids.slice(start, start + 1), { start }));
    for (const [k, row] of runRows(runner, ...entries).entries()) rows[running[k]?.i ?? -1] = row;
  }
  for (const [i, { alone }] of sequences.entries()) assertSame(rows[i], alone, `slot ${slots[i]}`);
  const [row] = runRows(runner, anEntry(5, bystander.ids.slice(-1), { start: bystander.ids.length - 1 }));
  assertSame(row, bystander.alone, 'the slot in the gap');
});

test('chunks and single tokens in one step are the same as alone', () => {
  const [long, short, other] = prefixes([60, 10, 35]);
  assert.ok(long !== undefined && short !== undefined && other !== undefined);
  using runner = exactRunner();
  runRows(
    runner,
    anEntry(0, short.ids.slice(0, -1)),
    anEntry(1, long.ids.slice(0, 32)),
    anEntry(2, other.ids.slice(0, -1)),
  );
  const rows = runRows(
    runner,
    anEntry(1, long.ids.slice(32), { start: 32 }),
    anEntry(2, other.ids.slice(-1), { start: other.ids.length - 1 }),
    anEntry(0, short.ids.slice(-1), { start: short.ids.length - 1 }),
  );
  for (const [i, { alone }] of [long, other, short].entries()) assertSame(rows[i], alone, `entry ${i}`);
});

test('a slot that another sequence used before makes no difference', () => {
  const [first, second] = prefixes([64, 22]);
  assert.ok(first !== undefined && second !== undefined);
  using runner = exactRunner({ numSlots: 2 });
  runRows(runner, anEntry(1, first.ids));
  assertSame(runRow(runner, anEntry(1, second.ids)), second.alone, 'whole');
  runRows(runner, anEntry(1, first.ids));
  runRows(runner, anEntry(1, second.ids.slice(0, 9)));
  const rest = anEntry(1, second.ids.slice(9), { start: 9 });
  assertSame(runRow(runner, rest), second.alone, 'in two chunks');
});

test('a slot can be filled to its last position', () => {
  const ids = Array.from({ length: 256 }, (_, i) => (i * 31) % 400);
  using runner = exactRunner();
  const whole = runRow(runner, anEntry(0, ids));
  runRows(runner, anEntry(7, ids.slice(0, -1)));
  assertSame(runRow(runner, anEntry(7, ids.slice(-1), { start: 255 })), whole, 'the last token alone');
});
