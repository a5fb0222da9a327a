/** Two minutes of what clients do to a gateway, on the shipped model, in a process of its own. `soak.js --minutes 60` is the long one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGateway } from '../../bench/agent/running-gateway.ts';
import { runSoak } from '../../bench/load/run-soak.ts';

/** Well below what two busy cores serve: the other tests run beside it. */
const PER_SECOND = 8;
const RESIDENT = 'resident memory, bytes';
const MOST_RESIDENT_GROWTH = 0.4;

test('two minutes of mixed load: one end per request, no fault, and nothing that grows', async () => {
  // One thread leaves the other core to the other tests; few slots and a small store are full before the samples count.
  const args = ['--threads', '1', '--slots', '2', '--prefix-store-bytes', String(16 * 2 ** 20)];
  await using gateway = await startGateway(args);
  const soak = await runSoak({ gateway, minutes: 2, perSecond: PER_SECOND, reloadSeconds: 15, seed: 1 });
  assert.deepEqual(soak.faults, {});
  assert.ok(soak.ledger.met, JSON.stringify(soak.ledger));
  assert.deepEqual(Object.keys(soak.reloads), ['ok']);
  // What reloads leave in the allocator's arenas takes longer than two minutes to level off; the long soak judges that.
  const [resident, ...others] = soak.trends.toSorted(
    (a, b) => Number(b.name === RESIDENT) - Number(a.name === RESIDENT),
  );
  assert.deepEqual(
    others.filter(({ met }) => !met),
    [],
  );
  assert.ok(resident && resident.growth < resident.first * MOST_RESIDENT_GROWTH, JSON.stringify(resident));
  // It was a soak: work of every kind, all measures, and answers.
  assert.equal(soak.trends.length, 5);
  assert.equal(new Set(Object.keys(soak.calls).map((call) => call.split(': ')[0])).size, 10);
  assert.ok((soak.calls['plain: ok'] ?? 0) > 100, JSON.stringify(soak.calls));
});
