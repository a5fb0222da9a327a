import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GatewayError } from '../../../src/runtime/index.ts';
import { Admission, type AdmissionLimits, type Permit } from '../../../src/server/admission.ts';
import { ServedQueue } from './served-queue.ts';

const ROOMY: AdmissionLimits = { maxRequests: 1_000, slots: 1, concurrency: 1, maxQueueMs: 60_000 };

function refusal(ask: () => unknown): GatewayError {
  try {
    ask();
  } catch (error) {
    assert.ok(error instanceof GatewayError);
    return error;
  }
  assert.fail('admitted');
}

describe('the count', () => {
  test('as many permits as the limit says, and one more for each that is given back', () => {
    const admission = new Admission(() => ({ ...ROOMY, maxRequests: 2 }));
    const first = admission.acquire();
    admission.acquire();
    assert.equal(refusal(() => admission.acquire()).code, 'overloaded');
    first[Symbol.dispose]();
    admission.acquire();
    assert.equal(refusal(() => admission.acquire()).code, 'overloaded');
    assert.equal(admission.inFlight, 2);
  });

  test('giving a permit back twice frees one place', () => {
    const admission = new Admission(() => ({ ...ROOMY, maxRequests: 1 }));
    const permit = admission.acquire();
    permit[Symbol.dispose]();
    permit[Symbol.dispose]();
    assert.equal(admission.inFlight, 0);
  });

  test('idle resolves at once, or when the last permit is given back', async () => {
    const admission = new Admission(() => ({ ...ROOMY, maxRequests: 2 }));
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
});

describe('the time', () => {
  /** After a request that took 100 ms, alone. */
  function measured(limits: Partial<AdmissionLimits> = {}) {
    let nowMs = 0;
    const admission = new Admission(
      () => ({ ...ROOMY, ...limits }),
      () => nowMs,
    );
    const first = admission.acquire();
    nowMs = 100;
    first[Symbol.dispose]();
    admission.observe(100);
    const acquire = (count: number): Permit[] => Array.from({ length: count }, () => admission.acquire());
    return { admission, acquire, pass: (ms: number) => (nowMs += ms) };
  }

  test('whoever finds a slot free is let in, however slow the model', () => {
    const { acquire } = measured({ slots: 2, concurrency: 2, maxQueueMs: 1 });
    acquire(2);
    assert.equal(refusal(() => acquire(1)).code, 'overloaded');
  });

  test('nobody waits longer than the limit, and the refusal says when to come back', () => {
    const { admission, acquire } = measured({ maxQueueMs: 350 });
    acquire(4);
    const { message, details } = refusal(() => admission.acquire());
    assert.equal(message, 'the queue is full: a request would wait for 400 ms');
    assert.equal(details.retryAfterMs, 400, '4 requests of 100 ms, one after another');
  });

  test('a burst may fill the queue, but not keep it full', () => {
    const { acquire, pass } = measured({ slots: 2, concurrency: 2 });
    // 2 in slots, 4 that may stand, and one that begins the burst.
    const permits = acquire(7);
    pass(200);
    permits.push(...acquire(1));
    pass(1);
    assert.equal(refusal(() => acquire(1)).code, 'overloaded');
    for (const permit of permits.splice(0, 3)) permit[Symbol.dispose]();
    pass(1_000);
    acquire(1);
    assert.equal(refusal(() => acquire(1)).code, 'overloaded', 'it was crowded a second ago');
    pass(1_001);
    acquire(1);
  });

  test('engines that are seen to work side by side have a queue each', () => {
    const { admission, acquire, pass } = measured({ slots: 2, concurrency: 8 });
    // An answer every 10 ms, each after 80 ms in a slot: 8 at once.
    const permits = acquire(6);
    for (let i = 0; i < 300; i++) {
      pass(10);
      permits.shift()?.[Symbol.dispose]();
      admission.observe(80);
      permits.push(...acquire(1));
    }
    acquire(6);
    pass(1);
    const { message } = refusal(() => {
      for (;;) {
        acquire(1);
        pass(201);
      }
    });
    // 8 side by side, about as many that may stand, and one that began the burst.
    assert.ok(Math.abs(admission.inFlight - 16) <= 1, `${admission.inFlight} in flight`);
    assert.match(message, /would wait for \d+ ms/);
  });

  test('requests that can wait leave the last places to those that cannot', () => {
    const { admission, acquire, pass } = measured();
    acquire(3);
    admission.checkBackground();
    acquire(1);
    admission.checkBackground();
    pass(201);
    assert.equal(refusal(() => admission.checkBackground()).code, 'overloaded');
    acquire(1);
  });

  test('the retry hint stays within what is useful to a client', () => {
    const { admission, acquire, pass } = measured();
    assert.equal(admission.retryAfterMs(), 50);
    const permits = acquire(4);
    pass(3_600_000);
    for (const permit of permits.splice(0, 2)) permit[Symbol.dispose]();
    admission.observe(3_600_000);
    assert.equal(admission.retryAfterMs(), 10_000);
  });
});

describe('a gateway of 8 slots that answers every 20 ms', () => {
  const limits: AdmissionLimits = { maxRequests: 72, slots: 8, concurrency: 8, maxQueueMs: 1_000 };
  const world = () => {
    const queue = new ServedQueue({ limits, serviceMs: 20 });
    queue.offer({ everyMs: 40, forMs: 2_000 });
    return queue;
  };

  test('takes some forty agents at once', () => {
    const { accepted, refused } = world().offer({ everyMs: 1, forMs: 40 });
    assert.equal(refused, 0);
    assert.ok(accepted.length >= 40);
  });

  test('takes nearly everything up to nine tenths of what it can do', () => {
    const { accepted, refused } = world().offer({ everyMs: 20 / 0.9, forMs: 60_000 });
    assert.ok(refused <= accepted.length / 100, `${refused} of ${accepted.length + refused} refused`);
  });

  test('at three times what it can do, keeps busy and answers within two rounds', () => {
    const { accepted, refused } = world().offer({ everyMs: 20 / 3, forMs: 60_000 });
    assert.ok(accepted.length >= (60_000 / 20) * 0.98, `${accepted.length} answered`);
    assert.ok(refused > accepted.length * 1.9);
    const byTime = accepted.toSorted((a, b) => a - b);
    const p99 = byTime[Math.floor(byTime.length * 0.99)] ?? Number.NaN;
    assert.ok(p99 <= 2 * 8 * 20, `p99 ${p99} ms`);
  });

  test('refuses nobody as soon as the overload is over', () => {
    const queue = world();
    queue.offer({ everyMs: 20 / 3, forMs: 10_000 });
    const { accepted, refused } = queue.offer({ everyMs: 40, forMs: 10_000 });
    assert.equal(refused, 0);
    assert.ok(accepted.slice(20).every((ms) => ms <= 8 * 20));
  });

  test('that becomes five times slower lets nobody wait for much longer than the limit', () => {
    const queue = world();
    queue.serviceMs = 100;
    const { accepted } = queue.offer({ everyMs: 10, forMs: 10_000 });
    // 1,000 ms, a full round, and what came in before the change was noticed.
    assert.ok(Math.max(...accepted.slice(100)) <= 1_000 + 800 + 200);
  });
});
