/** What is recorded of native handles in shared memory, and released by who finds it there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Environment } from '../../../../src/runtime/ort/environment.ts';
import { createSharedLedger, LedgerWriter, releaseRecorded } from '../../../../src/runtime/ort/handle-ledger.ts';
import { liveHandles, recordHandles } from '../../../../src/runtime/ort/handles.ts';
import { loadOrtLibrary } from '../../../../src/runtime/ort/library.ts';
import { Session } from '../../../../src/runtime/ort/session.ts';

const MODEL = 'test/fixtures/models/tiny/1/model.onnx';

test('what is released in time is not released again', () => {
  const ledger = createSharedLedger();
  recordHandles(new LedgerWriter(ledger));
  {
    using environment = new Environment(loadOrtLibrary());
    using session = new Session(environment, MODEL, { intraOpThreads: 1 });
    using _binding = session.createBinding();
  }
  assert.equal(liveHandles(), 0);
  assert.equal(releaseRecorded(ledger), 0);
});

test('what nobody released is, the last created first, and once', () => {
  const ledger = createSharedLedger();
  recordHandles(new LedgerWriter(ledger));
  const environment = new Environment(loadOrtLibrary());
  const session = new Session(environment, MODEL, { intraOpThreads: 1 });
  session.createBinding()[Symbol.dispose]();
  session.createBinding();
  // As if this thread had ended here.
  assert.equal(releaseRecorded(ledger), liveHandles());
  assert.equal(releaseRecorded(ledger), 0);
});

test('handles beyond the ledger are left out, and those in it are found wherever they are', () => {
  const ledger = createSharedLedger();
  const writer = new LedgerWriter(ledger);
  const capacity = ledger.length / 2;
  for (let i = 0; i < capacity + 10; i++) writer.add('tensor', BigInt(i + 1));
  for (let i = 0; i < capacity + 10; i++) writer.remove(BigInt(i + 1));
  assert.equal(releaseRecorded(ledger), 0);
});
