/** Differences of control lists: applied to the first list they give the second, whatever the lists. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyControlChanges } from '../../src/server/episodes/control-changes.ts';
import { decodeControls, encodeObservation } from '../../src/server/episodes/observation.ts';
import type { ControlMessage } from '../../src/server/wire/messages.ts';
import { diffControls } from '../support/diff-controls.ts';

/** Few ids, so that lists share some, in another order. Among them names that objects have by themselves. */
const control = fc.record(
  {
    id: fc.constantFrom('1', '2', '3', '4', '5', '6', '__proto__', 'constructor'),
    name: fc.constantFrom('', 'Bold', 'ü😀'),
    type: fc.constantFrom('Button', 'Edit'),
  },
  { noNullPrototype: true },
);
const list = fc.uniqueArray(control, { selector: ({ id }) => id, maxLength: 8 });

test('the difference of two lists, applied to the first, is the second', () => {
  fc.assert(
    fc.property(list, list, (before, after) => {
      assert.deepEqual(applyControlChanges(before, diffControls(before, after)), after);
    }),
    { numRuns: 500 },
  );
});

test('any difference is applied or refused, and what comes out has no id twice', () => {
  const id = fc.constantFrom('', '1', '2', '3', '9');
  const changes = fc.record({
    removed_ids: fc.array(id, { maxLength: 3 }),
    changed: fc.array(control, { maxLength: 3 }),
    added: fc.array(fc.record({ control: fc.option(control), after_id: fc.option(id) }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(list, changes, (base, change) => {
      let applied: readonly ControlMessage[];
      try {
        applied = applyControlChanges(base, change);
      } catch (error) {
        assert.match(String((error as Error).message), /^control_changes\.(removed_ids|changed|added)\[\d\]/);
        return;
      }
      assert.equal(new Set(applied.map((item) => item.id)).size, applied.length);
      assert.equal(applied.length, base.length - change.removed_ids.length + change.added.length);
    }),
    { numRuns: 500 },
  );
});

test('an observation has one hash, however its absent fields were sent, and its controls come back', () => {
  fc.assert(
    fc.property(list, (controls) => {
      const spelled = controls.map((item) => ({
        ...item,
        rect: [],
        automation_id: '',
        enabled: null,
        selected: null,
        source: '',
      }));
      const { hash, text } = encodeObservation({ controls, app: null });
      assert.equal(encodeObservation({ controls: spelled, app: { process_name: '' } }).hash, hash);
      assert.deepEqual(decodeControls(text), spelled);
    }),
  );
});
