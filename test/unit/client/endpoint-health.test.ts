import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HEALTHY, type Health, type HealthEvent, isProbeDue, nextHealth } from '../../../src/client/endpoint-health.ts';

const at = (nowMs: number, random = 0) => ({ nowMs, random });

function after(...events: readonly HealthEvent[]): Health {
  return events.reduce<Health>((health, event) => nextHealth(health, event, at(0)), HEALTHY);
}

test('one failed call makes an endpoint suspect, another one down', () => {
  assert.equal(after('failed').type, 'suspect');
  assert.equal(after('failed', 'failed').type, 'down');
  assert.equal(after('failed', 'probe_failed').type, 'down');
});

test('any answer, and any probe that finds it ready, makes it healthy', () => {
  const events = fc.array(fc.constantFrom<HealthEvent>('answered', 'failed', 'probe_ready', 'probe_failed'));
  fc.assert(
    fc.property(events, fc.constantFrom<HealthEvent>('answered', 'probe_ready'), (before, last) => {
      assert.deepEqual(after(...before, last), HEALTHY);
    }),
  );
});

test('a suspect endpoint is probed at once, a healthy one never', () => {
  assert.equal(isProbeDue(after('failed'), 0), true);
  assert.equal(isProbeDue(HEALTHY, 1e9), false);
});

test('probes of a down endpoint become rarer, up to a cap', () => {
  let health = after('failed');
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    health = nextHealth(health, 'probe_failed', at(1000, 1));
    assert.equal(health.type, 'down');
    waits.push(health.probeAtMs - 1000);
    assert.equal(isProbeDue(health, health.probeAtMs - 1), false);
    assert.equal(isProbeDue(health, health.probeAtMs), true);
  }
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test('failing calls do not postpone the next probe', () => {
  const health = after('failed', 'probe_failed');
  assert.deepEqual(nextHealth(health, 'failed', at(500)), health);
});
