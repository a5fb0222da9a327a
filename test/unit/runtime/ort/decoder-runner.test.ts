import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { GatewayError, InvariantError } from '../../../../src/runtime/errors.ts';
import { liveHandles, liveHandlesByKind } from '../../../../src/runtime/ort/handles.ts';
import {
  anEntry,
  aPlan,
  argmax,
  exactRunner,
  largestDifference,
  runRow,
  runRows,
  someTokens,
  TINY_MODEL,
  tinyConfig,
  tinyRunner,
  writeModel,
} from './tiny-model.ts';

test('after its end a runner has left no native handle', () => {
  const runner = tinyRunner();
  for (const slot of [0, 3, 7]) runRow(runner, anEntry(slot, someTokens(5)));
  runRows(runner, ...[0, 3, 7].map((slot) => anEntry(slot, [1], { start: 5 })));
  assert.ok(liveHandles() > 0);
  runner[Symbol.dispose]();
  assert.deepEqual(liveHandlesByKind(), {});
});

test('steps of shapes that came before create no native objects', () => {
  using runner = tinyRunner();
  const step = (start: number) => runRows(runner, ...[0, 1, 2].map((slot) => anEntry(slot, [start], { start })));
  step(0);
  const before = liveHandles();
  for (let start = 1; start < 60; start++) step(start);
  assert.equal(liveHandles(), before);
});

test('bindings of ranges that were not used for long are released, and made again when they are', () => {
  const numSlots = 24;
  using runner = tinyRunner({ numSlots });
  const decode = (first: number, count: number) =>
    runRows(runner, ...Array.from({ length: count }, (_, i) => anEntry(first + i, [i])));
  const before = decode(0, 3);
  // 24 * 25 / 2 = 300 ranges; 256 are kept.
  for (let first = 0; first < numSlots; first++) {
    for (let count = 1; first + count <= numSlots; count++) decode(first, count);
  }
  assert.equal(liveHandlesByKind().binding, 256);
  assert.deepEqual(decode(0, 3), before);
});

test('a graph that takes positions gets them', () => {
  using plain = tinyRunner();
  const graph = Buffer.concat([readFileSync(TINY_MODEL), positionInput()]);
  using runner = tinyRunner({ modelPath: writeModel(graph) });
  const entry = anEntry(0, someTokens(20));
  assert.deepEqual(runRow(runner, entry), runRow(plain, entry));
});

/**
 * Bytes that add the input `position_ids` to a graph when they follow it: repeated fields of protobuf messages that are read one
 * after the other are concatenated.
 */
function positionInput(): Buffer {
  const field = (number: number, ...parts: Uint8Array[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.from([number * 8 + 2, content.length]), content]);
  };
  const text = (value: string) => Buffer.from(value);
  // ModelProto.graph = 7, GraphProto.input = 11, ValueInfoProto { name = 1, type = 2 }, TypeProto.tensor_type = 1,
  // Tensor { elem_type = 1 (7 is int64), shape = 2 }, TensorShapeProto.dim = 1, Dimension.dim_param = 2.
  const shape = field(2, field(1, field(2, text('batch_size'))), field(1, field(2, text('sequence_length'))));
  const type = field(2, field(1, Buffer.from([8, 7]), shape));
  return field(7, field(11, field(1, text('position_ids')), type));
}

test('a runner is used before its end only, and ended once', () => {
  const runner = tinyRunner({ numSlots: 1 });
  runner[Symbol.dispose]();
  assert.throws(() => runner.run(aPlan(anEntry(0, [1]))), InvariantError);
  assert.throws(() => runner[Symbol.dispose](), InvariantError);
});

test('a graph that does not fit the configuration is refused by name, and nothing leaks', () => {
  assert.throws(
    () => tinyRunner({ config: { ...tinyConfig(), numLayers: 3, vocabSize: 401 } }),
    (error) =>
      error instanceof GatewayError &&
      error.code === 'backend_failed' &&
      /input past_key_values\.2\.key .* is missing/.test(error.message) &&
      /output logits is float32\[\?, 1, 400\], not float32 or float16\[\?, 1, 401\]/.test(error.message),
  );
  assert.throws(() => tinyRunner({ numSlots: 0 }), InvariantError);
  assert.throws(() => tinyRunner({ maxChunkTokens: 0 }), InvariantError);
  assert.deepEqual(liveHandlesByKind(), {});
});

test('a step that native code refuses fails, and the runner goes on', () => {
  // The graph has rotary positions for 256 tokens.
  using runner = tinyRunner({ config: { ...tinyConfig(), maxLength: 320 } });
  const before = runRow(runner, anEntry(1, someTokens(20)));
  assert.throws(
    () => runner.run(aPlan(anEntry(0, new Int32Array(300)))),
    (error) => error instanceof GatewayError && error.code === 'backend_failed' && /cos_cache/.test(error.message),
  );
  assert.deepEqual(runRow(runner, anEntry(1, someTokens(20))), before);
});

const VOCAB = tinyConfig().vocabSize;
const WRONG_PLANS = {
  'a slot that does not exist': [anEntry(8, [1])],
  'a slot below 0': [anEntry(-1, [1])],
  'a slot between two': [anEntry(0.5, [1])],
  'a slot that is no number': [anEntry(Number.NaN, [1])],
  'a slot of another entry': [anEntry(2, [1]), anEntry(2, [1])],
  'no tokens': [anEntry(0, [])],
  'more tokens than positions': [anEntry(0, new Int32Array(257))],
  'a position behind the last': [anEntry(0, [1], { start: 256 })],
  'a position below 0': [anEntry(0, [1], { start: -1 })],
  'a position between two': [anEntry(0, [1], { start: 0.5 })],
  'a start behind the KV of the slot': [anEntry(0, [1], { start: 5 })],
  'a token outside the vocabulary': [anEntry(0, [1, VOCAB])],
  'a token below 0': [anEntry(0, [-1])],
};
for (const [name, entries] of Object.entries(WRONG_PLANS)) {
  test(`a plan with ${name} is a bug of ours, and none of it is computed`, () => {
    using runner = tinyRunner();
    const before = runRow(runner, anEntry(5, someTokens(4)));
    const again = anEntry(5, [9], { start: 4 });
    assert.throws(() => runner.run(aPlan(again, ...entries)), InvariantError);
    // Had the good entry been computed, its slot would be one position longer now.
    assert.throws(() => runner.run(aPlan(anEntry(5, [9], { start: 5 }))), InvariantError);
    assert.deepEqual(runRow(runner, anEntry(5, someTokens(4))), before);
  });
}

test('KV that was saved continues in another slot as it would have where it was', () => {
  using runner = exactRunner();
  const tokens = someTokens(40);
  const expected = runRow(runner, anEntry(1, tokens));
  const blocks = [runner.saveKv(1, 0, 16), runner.saveKv(1, 16, 16)];
  assert.equal(blocks[0]?.numBytes, 16 * runner.kvBytesPerToken);
  runRow(runner, anEntry(1, someTokens(40, 2)));

  for (const [i, block] of blocks.entries()) {
    runner.restoreKv(6, 16 * i, block);
    block[Symbol.dispose]();
  }

  const row = runRow(runner, anEntry(6, tokens.slice(32), { start: 32 }));
  assert.ok(largestDifference(row, expected) < 1e-4);
  assert.equal(argmax(row), argmax(expected));
});

test('KV moves between runners of one model', () => {
  using first = exactRunner({ numSlots: 1 });
  using second = exactRunner({ numSlots: 3 });
  const tokens = someTokens(21);
  const expected = runRow(first, anEntry(0, tokens));
  using block = first.saveKv(0, 0, 20);
  second.restoreKv(2, 0, block);
  const row = runRow(second, anEntry(2, tokens.slice(20), { start: 20 }));
  assert.ok(largestDifference(row, expected) < 1e-4);
});

test('rows that continue copies of one slot are computed as if each had computed all of it', () => {
  using runner = exactRunner();
  const prompt = someTokens(33);
  runRow(runner, anEntry(0, prompt));
  for (const slot of [1, 2]) runner.copyKv(0, slot, prompt.length);
  const continuations = [[5], [6], [7]];
  const rows = runRows(runner, ...continuations.map((tokens, slot) => anEntry(slot, tokens, { start: prompt.length })));
  for (const [i, tokens] of continuations.entries()) {
    const alone = runRow(runner, anEntry(7, [...prompt, ...tokens]));
    assert.ok(largestDifference(rows[i] ?? [], alone) < 1e-4, `row ${i}`);
  }
});

test('long entries are computed in parts of at most maxChunkTokens', () => {
  using whole = exactRunner();
  using parts = exactRunner({ maxChunkTokens: 7 });
  const entry = anEntry(0, someTokens(50));
  assert.ok(largestDifference(runRow(parts, entry), runRow(whole, entry)) < 1e-4);
});

for (const spin of ['step', 'never'] as const) {
  test(`two threads compute the same, spinning: ${spin}`, () => {
    using one = exactRunner();
    using two = exactRunner({ threads: 2, spin });
    const entry = anEntry(0, someTokens(50));
    assert.ok(largestDifference(runRow(two, entry), runRow(one, entry)) < 1e-4);
  });
}

const ABANDONED = `
  import { parentPort } from 'node:worker_threads';
  const { tinyRunner, runRow, anEntry } = await import(${JSON.stringify(new URL('./tiny-model.js', import.meta.url).href)});
  const runner = tinyRunner({ threads: 2 });
  runRow(runner, anEntry(0, [1, 2, 3]));
  parentPort.postMessage('ran');
  setInterval(() => runRow(runner, anEntry(0, [1, 2, 3])), 0);
`;

test('a thread that is ended in the middle of its work does not take the process with it', async () => {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(ABANDONED)}`));
  await new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  using runner = tinyRunner();
  assert.equal(runRow(runner, anEntry(0, [1, 2, 3])).length, VOCAB);
});
