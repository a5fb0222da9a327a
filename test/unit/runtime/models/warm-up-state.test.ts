import assert from 'node:assert/strict';
import { test } from 'node:test';
import { warmUpBy } from '../../../../src/runtime/models/warm-up-state.ts';

test('a model is asked a few times at least, and not without end', async () => {
  let rounds = 0;
  await warmUpBy(async () => rounds++);
  assert.ok(rounds >= 3 && rounds <= 60, `${rounds} rounds`);
});
