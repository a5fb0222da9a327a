import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { InvariantError } from '../../../../src/runtime/errors.ts';
import { liveHandlesByKind } from '../../../../src/runtime/ort/handles.ts';
import { createRewardRunner } from '../../../../src/runtime/ort/reward-runner.ts';
import { largestDifference, TINY_MODEL } from './tiny-model.ts';

const FOLDER = 'test/fixtures/models/tiny-reward/1';
const LAM = JSON.parse(readFileSync(`${FOLDER}/lam.json`, 'utf8'));
const CONFIG = { vocabSize: LAM.vocab_size, maxLength: LAM.context_length };

type GoldenRow = { readonly ids: readonly number[]; readonly reward_fp32: number; readonly reward_dequantized: number };
const GOLDEN: readonly GoldenRow[] = JSON.parse(readFileSync(`${FOLDER}/golden.json`, 'utf8')).rows;
const ROWS = GOLDEN.map(({ ids }) => Int32Array.from(ids));

const aRunner = () => createRewardRunner({ modelPath: `${FOLDER}/model.onnx`, config: CONFIG, threads: 1 });

test("rewards are PyTorch's", (t) => {
  using runner = aRunner();
  const rewards = ROWS.flatMap((row) => [...runner.run([row])]);
  const stored = largestDifference(
    rewards,
    GOLDEN.map((row) => row.reward_dequantized),
  );
  t.diagnostic(`largest difference ${stored.toExponential(1)}`);
  assert.ok(stored < 1e-4);
  const exact = largestDifference(
    rewards,
    GOLDEN.map((row) => row.reward_fp32),
  );
  assert.ok(exact <= LAM.quantization.max_logit_error, `${exact} from the weights before they were rounded`);
});

test('a reward depends on neither the other rows of its batch nor its padding', () => {
  using runner = aRunner();
  const alone = ROWS.flatMap((row) => [...runner.run([row])]);
  assert.ok(largestDifference(runner.run(ROWS), alone) < 1e-5);
  assert.ok(largestDifference(runner.run(ROWS.toReversed()).toReversed(), alone) < 1e-5);
  // A smaller batch behind a larger one, whose memory still holds that one's tokens.
  assert.ok(largestDifference(runner.run(ROWS.slice(0, 3)), alone.slice(0, 3)) < 1e-5);
});

test('what would read memory that is not its own is refused before it runs', () => {
  using runner = aRunner();
  const row = (...tokens: number[]) => Int32Array.from(tokens);
  const batches = [[], [row()], [row(1), row()], [row(CONFIG.vocabSize)], [row(-1)], [new Int32Array(257)]];
  for (const batch of batches) assert.throws(() => runner.run(batch), InvariantError);
  assert.equal(runner.run([row(1)]).length, 1);
});

test('a graph that is no reward model is refused, by the names that do not fit', () => {
  assert.throws(() => createRewardRunner({ modelPath: TINY_MODEL, config: CONFIG, threads: 1 }), {
    code: 'backend_failed',
    message: /not that of a reward model: input past_key_values\.0\.key is unexpected; .*output reward is missing/,
  });
  assert.throws(() => createRewardRunner({ modelPath: 'nowhere.onnx', config: CONFIG, threads: 1 }), {
    code: 'backend_failed',
  });
});

test('no native handle is left, and a runner ends once', () => {
  const runner = aRunner();
  runner.run(ROWS.slice(0, 2));
  runner[Symbol.dispose]();
  assert.deepEqual(liveHandlesByKind(), {});
  assert.throws(() => runner.run(ROWS), InvariantError);
  assert.throws(() => runner[Symbol.dispose](), InvariantError);
});
