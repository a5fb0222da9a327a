/** The text and the hash of an observation, as state in the .proto files. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { encodeObservation, isKept, Observation } from '../../../../src/server/episodes/observation.ts';

test('the hash is that of the documented text', () => {
  const { hash, text } = encodeObservation({
    app: { process_name: 'WINWORD.EXE', window_title: 'Größe' },
    controls: [
      { id: '1', name: 'a"b', type: 'Button', rect: [-1, 0, 2, 3], enabled: false, source: 'uia' },
      { id: '2', type: 'Edit', selected: true },
    ],
  });
  const expected =
    '["WINWORD.EXE","Größe",[["1","a\\"b","Button",[-1,0,2,3],"",false,null,"uia"],["2","","Edit",[],"",null,true,""]]]';
  assert.equal(text, expected);
  assert.equal(hash, createHash('sha256').update(expected, 'utf8').digest('hex').slice(0, 32));
});

test('any difference makes another hash', () => {
  const control = { id: '1', name: 'Bold', type: 'Button' };
  const variants = [
    {},
    { controls: [control] },
    { controls: [control, { ...control, id: '2' }] },
    { controls: [{ ...control, enabled: true }] },
    { controls: [{ ...control, enabled: false }] },
    { controls: [{ ...control, selected: false }] },
    { controls: [{ ...control, rect: [0, 0, 0, 0] }] },
    { controls: [control], app: { window_title: 'Other' } },
  ];
  assert.equal(new Set(variants.map((variant) => encodeObservation(variant).hash)).size, variants.length);
});

test('500 controls with long names are kept, a megabyte is not', () => {
  const list = (count: number, name: string) =>
    encodeObservation({ controls: Array.from({ length: count }, (_, i) => ({ id: `${i}`, name, type: 'ListItem' })) });
  assert.ok(isKept(list(500, 'x'.repeat(1500))));
  assert.ok(!isKept(list(600, 'x'.repeat(2048))));
});

test('an observation is written once, when asked for or when the event loop has a moment', async () => {
  const controls = [{ id: '1', name: 'Bold', type: 'Button' }];
  let reads = 0;
  const observed = {
    controls,
    get app(): null {
      reads += 1;
      return null;
    },
  };
  const asked = new Observation(observed);
  assert.deepEqual(asked.written, encodeObservation({ controls }));
  const left = new Observation(observed);
  assert.equal(reads, 1);
  await new Promise(setImmediate);
  assert.equal(reads, 2);
  assert.deepEqual(left.written, asked.written);
  assert.equal(reads, 2);
});
