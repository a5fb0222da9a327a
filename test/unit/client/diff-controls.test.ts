import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffControls } from '../../../src/client/diff-controls.ts';
import type { Control } from '../../../src/client/messages.ts';
import { applyControlChanges } from '../../../src/server/episodes/control-changes.ts';

const button = (id: string, name = id): Control => ({ id, name, type: 'Button' });
const buttons = (ids: string) => [...ids].map((id) => button(id));

/** What the gateway makes of the difference. */
function applied(base: readonly Control[], next: readonly Control[]): readonly Control[] | undefined {
  const difference = diffControls(base, next);
  return difference && (applyControlChanges(base, { base_hash: 'h', ...difference }) as readonly Control[]);
}

test('nothing changed is nothing to send', () => {
  assert.deepEqual(diffControls(buttons('abc'), buttons('abc')), { removed_ids: [], changed: [], added: [] });
});

test('what is gone, what is new and what differs', () => {
  const next = [button('a'), button('x'), button('b', 'Bold'), ...buttons('defg')];
  assert.deepEqual(diffControls(buttons('abcdefg'), next), {
    removed_ids: ['c'],
    changed: [button('b', 'Bold')],
    added: [{ control: button('x'), after_id: 'a' }],
  });
});

test('one control that moves is all that is sent', () => {
  const difference = diffControls(buttons('abcdefgh'), buttons('bcdefgha'));
  assert.deepEqual(difference, { removed_ids: ['a'], changed: [], added: [{ control: button('a'), after_id: 'h' }] });
});

test('a field that comes, goes or changes is a change, a new rectangle is one too', () => {
  const same = buttons('cde');
  const pairs: readonly (readonly [Partial<Control>, Partial<Control>])[] = [
    [{}, { enabled: true }],
    [{ selected: true }, {}],
    [{ rect: [0, 0, 1, 1] }, { rect: [0, 0, 1, 2] }],
    [{ rect: [0, 0, 1, 1] }, {}],
    [{ automation_id: 'x' }, { automation_id: 'y' }],
    [{ source: 'uia' }, { source: 'vision' }],
  ];
  for (const [before, after] of pairs) {
    const changed = { ...button('a'), ...after };
    assert.deepEqual(diffControls([{ ...button('a'), ...before }, ...same], [changed, ...same])?.changed, [changed]);
  }
});

test('a list that is mostly new is sent as it is', () => {
  assert.equal(diffControls(buttons('abc'), buttons('xyz')), undefined);
  assert.equal(diffControls([], buttons('a')), undefined);
});

test('a list with an id twice, or without one, is sent as it is: the gateway says what is wrong with it', () => {
  assert.equal(diffControls(buttons('abcd'), buttons('abca')), undefined);
  assert.equal(diffControls(buttons('abab'), buttons('ab')), undefined);
  assert.equal(diffControls(buttons('abcd'), [...buttons('abcd'), button('')]), undefined);
});

test('the gateway gets what the client sees, whatever changed', () => {
  const control = fc.record(
    {
      id: fc.constantFrom(...'abcdefghijkl'),
      name: fc.constantFrom('', 'x', 'y'),
      type: fc.constantFrom('Button', 'Edit'),
      rect: fc.constantFrom([0, 0, 1, 1], [0, 0, 2, 2]),
      enabled: fc.boolean(),
    },
    { requiredKeys: ['id', 'type'], noNullPrototype: true },
  );
  const list = fc.uniqueArray(control, { selector: ({ id }) => id });
  let numDifferences = 0;
  fc.assert(
    fc.property(list, list, fc.boolean(), (first, second, isKin) => {
      // Half of the time most of the first list is still there.
      const next = isKin ? [...first.slice(2), ...second.filter(({ id }) => !first.some((c) => c.id === id))] : second;
      const result = applied(first, next);
      if (result === undefined) return;
      numDifferences++;
      assert.deepEqual(result, next);
    }),
    { numRuns: 500 },
  );
  assert.ok(numDifferences > 50, `only ${numDifferences} differences`);
});
