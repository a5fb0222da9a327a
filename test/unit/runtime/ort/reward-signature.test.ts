import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRewardSignature } from '../../../../src/runtime/ort/reward-signature.ts';
import type { TensorSpec } from '../../../../src/runtime/ort/tensor-spec.ts';

const IDS: TensorSpec = { name: 'input_ids', type: 'int64', shape: [-1, -1] };
const MASK: TensorSpec = { name: 'attention_mask', type: 'int64', shape: [-1, -1] };
const REWARD: TensorSpec = { name: 'reward', type: 'float32', shape: [-1] };

test('a graph with tokens, mask and rewards is one of a reward model', () => {
  checkRewardSignature({ inputs: [MASK, IDS], outputs: [REWARD] });
});

const WRONG: readonly (readonly [readonly TensorSpec[], readonly TensorSpec[], RegExp])[] = [
  [[IDS], [REWARD], /input attention_mask is missing/],
  [[IDS, MASK], [{ ...REWARD, name: 'logits' }], /output reward is missing; output logits is unexpected/],
  [[{ ...IDS, type: 'int32' }, MASK], [REWARD], /input input_ids is int32\[\?, \?\], not int64\[\?, \?\]/],
  [[IDS, MASK], [{ ...REWARD, shape: [-1, 1] }], /output reward is float32\[\?, 1\], not float32\[\?\]/],
  [[{ ...IDS, shape: [4, -1] }, MASK], [REWARD], /input input_ids is int64\[4, \?\], not int64\[\?, \?\]/],
];

for (const [inputs, outputs, message] of WRONG) {
  test(`refused: ${message.source}`, () => {
    assert.throws(() => checkRewardSignature({ inputs, outputs }), { code: 'backend_failed', message });
  });
}
