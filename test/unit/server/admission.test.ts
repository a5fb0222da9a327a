import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GatewayError } from '../../../src/runtime/index.ts';
import { Admission } from '../../../src/server/admission.ts';

function refusal(admission: Admission): GatewayError {
  try {
    admission.acquire();
  } catch (error) {
    return error as GatewayError;
  }
  assert.fail('admitted');
}

test('as many permits as the limit says, and one more for each that is given back', () => {
  const admission = new Admission({ maxRequests: 2, concurrency: 1 });
  const first = admission.acquire();
  admission.acquire();
  assert.equal(refusal(admission).code, 'overloaded');
  first[Symbol.dispose]();
  admission.acquire();
  assert.equal(refusal(admission).code, 'overloaded');
  assert.equal(admission.inFlight, 2);
});

test('giving a permit back twice frees one place', () => {
  const admission = new Admission({ maxRequests: 1, concurrency: 1 });
  const permit = admission.acquire();
  permit[Symbol.dispose]();
  permit[Symbol.dispose]();
  assert.equal(admission.inFlight, 0);
});

test('the retry hint is the time that what is under way takes, within bounds', () => {
  const admission = new Admission({ maxRequests: 4, concurrency: 2 });
  for (let i = 0; i < 4; i++) admission.acquire();
  assert.equal(refusal(admission).details.retryAfterMs, 50, 'nothing is known yet');
  admission.observe(300);
  assert.equal(refusal(admission).details.retryAfterMs, 600, '4 requests of 300 ms, 2 at once');
  for (let i = 0; i < 100; i++) admission.observe(1e6);
  assert.equal(refusal(admission).details.retryAfterMs, 10_000);
});

test('idle resolves at once, or when the last permit is given back', async () => {
  const admission = new Admission({ maxRequests: 2, concurrency: 1 });
  await admission.idle();
  const permits = [admission.acquire(), admission.acquire()];
  let idle = false;
  const wait = admission.idle().then(() => {
    idle = true;
  });
  permits[0]?.[Symbol.dispose]();
  await Promise.resolve();
  assert.equal(idle, false);
  permits[1]?.[Symbol.dispose]();
  await wait;
  assert.equal(idle, true);
});
