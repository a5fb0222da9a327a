import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cloneDocument, createDocument, documentText, fingerprint } from '../../../bench/desktop/document.ts';
import {
  formatText,
  mapSelectedText,
  replaceAll,
  selectedText,
  selectText,
  typeText,
} from '../../../bench/desktop/editing.ts';

const words = fc.array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 6 });
const twoParagraphs = fc.tuple(words, words).map((lists) => lists.map((list) => list.join(' ')));

test('replaceAll leaves what String.replaceAll leaves, however the text is formatted', () => {
  fc.assert(
    fc.property(twoParagraphs, fc.stringMatching(/^[ab]{1,2}$/), fc.string({ maxLength: 3 }), (lines, find, by) => {
      const document = createDocument(lines);
      if (selectText(document, 'ab')) formatText(document, { bold: true });
      const count = replaceAll(document, find, by);
      assert.equal(documentText(document), lines.map((line) => line.replaceAll(find, () => by)).join('\n'));
      assert.equal(count, lines.join('\n').split(find).length - 1);
    }),
  );
});

test('formatting never changes the text, and doing it twice changes nothing more', () => {
  fc.assert(
    fc.property(twoParagraphs, fc.stringMatching(/^[ab]{1,2}$/), (lines, text) => {
      const document = createDocument(lines);
      if (!selectText(document, text)) return;
      assert.equal(selectedText(document), text);
      formatText(document, { italic: true });
      const once = fingerprint(document);
      formatText(document, { italic: true });
      assert.equal(fingerprint(document), once);
      assert.equal(documentText(document), lines.join('\n'));
    }),
  );
});

test('a fingerprint ignores how runs are cut and what is selected, but no formatting', () => {
  const document = createDocument(['one two']);
  const other = cloneDocument(document);
  selectText(other, 'two');
  formatText(other, { bold: true });
  assert.notEqual(fingerprint(other), fingerprint(document));
  formatText(other, { bold: false });
  assert.equal(fingerprint(other), fingerprint(document));
});

test('typing over a selection keeps the format of what it replaces', () => {
  const document = createDocument(['one two three']);
  selectText(document, 'two');
  formatText(document, { bold: true });
  typeText(document, '2');
  assert.deepEqual(
    document.paragraphs[0]?.runs.map(({ text, format }) => [text, format.bold]),
    [
      ['one ', false],
      ['2', true],
      [' three', false],
    ],
  );
});

test('changing case touches the selection only', () => {
  const document = createDocument(['one two three']);
  selectText(document, 'two');
  mapSelectedText(document, (text) => text.toUpperCase());
  assert.equal(documentText(document), 'one TWO three');
});
