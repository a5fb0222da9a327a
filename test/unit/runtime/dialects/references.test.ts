import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findReferences } from '../../../../src/runtime/dialects/references.ts';

const texts = (request: string) => findReferences(request).map((reference) => reference.text);

const CASES: readonly (readonly [string, readonly string[]])[] = [
  [`make 'Quarterly report' bold`, ['Quarterly report']],
  ['make “Quarterly report” bold', ['Quarterly report']],
  [`I'd like the dog's "A b" at size 9.`, ['A b', '9']],
  ['insert a 3x4 table', ['3', '4']],
  ['insert a 9-row, 15-column table', ['9', '15']],
  ['set the zoom to 150%, please', ['150']],
  ['use (12pt) and 2.5 lines', ['12', '2.5']],
  [String.raw`save as Budget23 in C:\Temp\Library17.`, ['Budget23', String.raw`C:\Temp\Library17`]],
  ['call it draft_final or DraftTwo', ['draft_final', 'DraftTwo']],
  ['make everything bold', []],
];

for (const [request, expected] of CASES) {
  test(`literals of: ${request}`, () => assert.deepEqual(texts(request), expected));
}

test('no more than nine literals are numbered', () => {
  assert.equal(texts('1 2 3 4 5 6 7 8 9 10 11').length, 9);
});

test('literals stand where they say, in order and apart', () => {
  const words = fc.constantFrom(`'`, '"', 'a b', '12', 'x9', '🙂', ' ', '.', '“', '”', '\\', '%', "n't");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(words).map((parts) => parts.join('')),
      ),
      (request) => {
        let end = 0;
        for (const { text, start } of findReferences(request)) {
          assert.ok(text !== '' && start >= end);
          assert.equal(request.slice(start, start + text.length), text);
          end = start + text.length;
        }
      },
    ),
  );
});
