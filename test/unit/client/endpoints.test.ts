import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Endpoints } from '../../../src/client/endpoints.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { FakeEndpoints } from '../../support/fake-transport.ts';

const KEYS = Array.from({ length: 300 }, (_, i) => `episode-${i}`);

function pool(addresses: readonly string[]) {
  const fake = new FakeEndpoints();
  const clock = new FakeClock();
  const endpoints = new Endpoints({
    addresses,
    connect: fake.connect,
    clock,
    random: () => 1,
    headers: async () => ({}),
  });
  const pick = (key: string) => endpoints.pick(key, new Set()).address;
  return { fake, clock, endpoints, pick };
}

test('an episode stays where it is, and episodes spread over all endpoints', () => {
  const { pick } = pool(['a', 'b', 'c']);
  const homes = KEYS.map(pick);
  assert.deepEqual(KEYS.map(pick), homes);
  for (const address of ['a', 'b', 'c']) {
    const share = homes.filter((home) => home === address).length / KEYS.length;
    assert.ok(share > 0.2 && share < 0.47, `${address} has ${share}`);
  }
});

test('when an endpoint goes, only its own episodes move, and they spread', async () => {
  const { endpoints, pick, fake } = pool(['a', 'b', 'c']);
  const before = KEYS.map(pick);
  fake.unready.add('a');
  const lost = KEYS.find((_, i) => before[i] === 'a') ?? '';
  endpoints.report(endpoints.pick(lost, new Set()), 'failed');
  await settled();
  assert.equal(endpoints.health()['a'], 'down');
  const after = KEYS.map(pick);
  for (const [i, home] of before.entries()) assert.ok(home === 'a' ? after[i] !== 'a' : after[i] === home);
  const moved = after.filter((_, i) => before[i] === 'a');
  assert.ok(moved.includes('b') && moved.includes('c'));
});

test('an endpoint that fails is probed at once, and used again when it is ready', async () => {
  const { endpoints, fake } = pool(['a', 'b']);
  const first = endpoints.pick('x', new Set());
  endpoints.report(first, 'failed');
  assert.equal(endpoints.health()[first.address], 'suspect');
  assert.notEqual(endpoints.pick('x', new Set()), first);
  await settled();
  assert.deepEqual(fake.probed, [first.address]);
  assert.equal(endpoints.pick('x', new Set()), first);
});

test('a down endpoint is probed when calls come and it is time, and returns', async () => {
  const { endpoints, fake, clock } = pool(['a', 'b']);
  const first = endpoints.pick('x', new Set());
  fake.unready.add(first.address);
  endpoints.report(first, 'failed');
  await settled();
  endpoints.pick('x', new Set());
  assert.equal(fake.probed.length, 1, 'not time yet');
  await clock.advance(1000);
  assert.equal(fake.probed.length, 1, 'no call, no probe');
  fake.unready.clear();
  assert.notEqual(endpoints.pick('x', new Set()), first);
  await settled();
  assert.equal(endpoints.pick('x', new Set()), first);
});

test('a probe without an answer ends, and counts as a failure', async () => {
  const { endpoints, clock, fake } = pool(['a', 'b']);
  const first = endpoints.pick('x', new Set());
  first.transport.isReady = ({ signal }) =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  endpoints.report(first, 'failed');
  endpoints.report(first, 'answered');
  await settled();
  await clock.advance(2000);
  assert.equal(endpoints.health()[first.address], 'down');
  assert.equal(clock.numTimers, 0);
  assert.equal(fake.probed.length, 0);
});

test('what was tried comes after what was not, and what is down after that', async () => {
  const { endpoints, fake } = pool(['a', 'b', 'c']);
  fake.unready.add('a').add('b');
  const [a, b, c] = ['a', 'b', 'c'].map((address) => {
    const key = KEYS.find((candidate) => endpoints.pick(candidate, new Set()).address === address);
    return endpoints.pick(key ?? '', new Set());
  });
  assert.ok(a && b && c);
  endpoints.report(a, 'failed');
  endpoints.report(b, 'failed');
  await settled();
  assert.equal(endpoints.pick('x', new Set([c])), c, 'a tried one is better than one that is down');
  assert.equal(endpoints.hasOther(new Set([c])), false);
  assert.notEqual(endpoints.pick('x', new Set([a, c])).address, 'a');
});

test('a single endpoint is never probed: there is no choice', async () => {
  const { endpoints, fake } = pool(['a']);
  endpoints.report(endpoints.pick('x', new Set()), 'failed');
  endpoints.report(endpoints.pick('x', new Set()), 'failed');
  await settled();
  assert.deepEqual(fake.probed, []);
  assert.equal(endpoints.pick('x', new Set()).address, 'a');
});
