import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ledgerOf } from '../../../../bench/load/run-soak.ts';

const outcomes = ['ok', 'ok', 'overloaded', 'cancelled', 'deadline_exceeded'].map((code) => ({ code }));
const isMet = (counted: number, inFlight = 0) => ledgerOf(outcomes, { counted, inFlight }).met;

test('every call has one end: those that were given up may never have arrived, all others have', () => {
  assert.deepEqual(
    [3, 4, 5].map((counted) => isMet(counted)),
    [true, true, true],
  );
  assert.equal(isMet(2), false, 'an answer that nobody counted');
  assert.equal(isMet(6), false, 'a call that ended twice');
  assert.equal(isMet(5, 1), false, 'a call without an end');
  assert.equal(isMet(5, Number.NaN), false, 'a gateway that does not say');
});
