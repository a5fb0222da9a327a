import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryLedger } from '../../../../src/runtime/models/memory-ledger.ts';

const memory = (name: string, version: string, totalBytes = 10) => ({
  name,
  version,
  weightsBytes: totalBytes,
  kvBytes: 0,
  prefixStoreBytes: 0,
  totalBytes,
});

test('the account is by name and version, whatever was loaded first', () => {
  const ledger = new MemoryLedger(0);
  for (const [name, version] of [
    ['b', '1'],
    ['a', '10'],
    ['a', '2'],
  ] as const) {
    ledger.reserve(memory(name, version));
  }
  assert.deepEqual(
    ledger.budget().models.map(({ name, version }) => `${name}:${version}`),
    ['a:2', 'a:10', 'b:1'],
  );
});

test('what does not fit is refused with the numbers, and what is given back counts no more', () => {
  const ledger = new MemoryLedger(25 * 2 ** 20);
  const first = ledger.reserve(memory('a', '1', 20 * 2 ** 20));
  assert.throws(() => ledger.reserve(memory('a', '2', 10 * 2 ** 20)), {
    code: 'failed_precondition',
    message: 'model a:2 needs 10 MiB; 20 MiB of 25 MiB are taken',
  });
  assert.equal(ledger.budget().totalBytes, 20 * 2 ** 20);
  first[Symbol.dispose]();
  ledger.reserve(memory('a', '2', 10 * 2 ** 20));
  assert.equal(ledger.budget().totalBytes, 10 * 2 ** 20);
});
