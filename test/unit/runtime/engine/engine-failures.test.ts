import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anEngine, aRequest, runToEnd } from '../../../support/engine-builders.ts';
import { coinFlips } from '../../../support/engine-grammars.ts';

test('a failing step fails the sequences in it and frees their slots; those that waited are served', () => {
  const { engine } = anEngine({ numSlots: 1, onStep: (_, index) => (index === 0 ? { type: 'throw' } : undefined) });
  engine.submit(0, aRequest(), 0);
  engine.submit(1, aRequest(), 0);
  const [first, ...rest] = runToEnd(engine);
  assert.ok(first?.type === 'failed' && first.id === 0);
  assert.equal(first.error.code, 'backend_failed');
  assert.deepEqual(
    rest.map(({ id, type }) => [id, type]),
    [[1, 'finished']],
  );
});

test('a row of NaN fails its own sequence, not its neighbours in the step', () => {
  const { engine } = anEngine({ onStep: () => ({ type: 'nan', sequenceId: 0 }) });
  engine.submit(0, aRequest(), 0);
  engine.submit(1, aRequest(), 0);
  const events = runToEnd(engine);
  assert.deepEqual(
    events.map((event) => [event.id, event.type === 'failed' ? event.error.code : event.type]),
    [
      [0, 'backend_failed'],
      [1, 'finished'],
    ],
  );
});

test('a step that throws no GatewayError fails its sequences with internal', () => {
  const { engine } = anEngine({
    onStep: () => {
      throw new TypeError('undefined is not a slot');
    },
  });
  engine.submit(0, aRequest(), 0);
  const [event] = runToEnd(engine);
  assert.ok(event?.type === 'failed');
  assert.equal(event.error.code, 'internal');
  assert.match(event.error.message, /undefined is not a slot/);
});

test('three failing steps in a row make the engine unhealthy, a good one heals it', () => {
  let isBroken = true;
  const { engine } = anEngine({ numSlots: 1, onStep: () => (isBroken ? { type: 'throw' } : undefined) });
  const reasons: (string | undefined)[] = [];
  for (let id = 0; id < 3; id++) {
    engine.submit(id, aRequest(), 0);
    engine.step();
    reasons.push(engine.unhealthyReason);
  }
  assert.deepEqual(reasons, [undefined, undefined, 'the last 3 steps failed: the step was told to fail']);
  isBroken = false;
  engine.submit(3, aRequest(), 0);
  engine.step();
  assert.equal(engine.unhealthyReason, undefined);
});

test('failures with good steps between them leave it healthy', () => {
  const { engine } = anEngine({ onStep: (_, index) => (index % 3 === 2 ? undefined : { type: 'throw' }) });
  for (let id = 0; id < 12; id++) {
    engine.submit(id, aRequest(), 0);
    engine.step();
    assert.equal(engine.unhealthyReason, undefined);
  }
});

test('a probe computes a chunk and a single token, and leaves nothing that a request could trip over', () => {
  const { engine, runner } = anEngine({ limits: { maxChunkTokens: 16 } });
  engine.probe();
  assert.deepEqual(
    runner.plans[0]?.entries.map(({ slot, tokens }) => [slot, tokens.length]),
    [
      [0, 16],
      [1, 1],
    ],
  );
  engine.submit(0, aRequest(), 0);
  assert.deepEqual(
    runToEnd(engine).map(({ type }) => type),
    ['finished'],
  );
});

test('a probe of a model with one slot and little context fits into both', () => {
  const { engine, runner } = anEngine({ numSlots: 1, maxLength: 8 });
  engine.probe();
  assert.deepEqual(
    runner.plans[0]?.entries.map(({ slot, tokens }) => [slot, tokens.length]),
    [[0, 8]],
  );
});

test('a probe heals an unhealthy engine, or says why it cannot', () => {
  let isBroken = true;
  const { engine } = anEngine({ onStep: () => (isBroken ? { type: 'throw' } : undefined) });
  for (let i = 0; i < 3; i++) assert.throws(() => engine.probe(), { code: 'backend_failed' });
  assert.match(engine.unhealthyReason ?? '', /3 steps failed/);
  isBroken = false;
  engine.probe();
  assert.equal(engine.unhealthyReason, undefined);
});

test('a probe whose logits are no numbers fails', () => {
  const { engine } = anEngine({ onStep: (plan) => ({ type: 'nan', sequenceId: plan.entries[0]?.sequenceId ?? 0 }) });
  assert.throws(() => engine.probe(), /logits that are no numbers/);
});

test('a probe is refused while slots hold KV in use', () => {
  const { engine } = anEngine();
  engine.submit(0, aRequest({ grammar: coinFlips(9) }), 0);
  engine.step();
  assert.throws(() => engine.probe(), /would overwrite KV/);
});
