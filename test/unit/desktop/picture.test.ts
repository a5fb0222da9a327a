import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Desk } from '../../../bench/desktop/desk.ts';
import { createDocument } from '../../../bench/desktop/document.ts';
import { formatParagraphs, formatText, selectText } from '../../../bench/desktop/editing.ts';
import { openSurface } from '../../../bench/desktop/executor.ts';
import { observe } from '../../../bench/desktop/observe.ts';
import { renderPicture } from '../../../bench/desktop/picture.ts';
import { shownDocument } from '../../../bench/desktop/shown-document.ts';

test('a picture shows every control, marks one, and is well-formed', () => {
  const desk = new Desk(createDocument(['a < b & c']));
  openSurface(desk, 'Replace dialog');
  const observation = observe(desk);
  const bold = observation.controls.find(({ name }) => name === 'Bold');
  const picture = renderPicture(observation, {
    highlightId: bold?.id ?? '',
    caption: 'say "hello" & <bye>',
    documentText: 'a < b & c',
  });
  assert.match(picture, />Bold</);
  assert.match(picture, />More &gt;&gt;</);
  assert.match(picture, /say &quot;hello&quot; &amp; &lt;bye&gt;/);
  assert.match(picture, /a &lt; b &amp; c/);
  assert.equal(picture.match(/<circle /g)?.length, 1);
  assert.equal(renderPicture(observation).match(/<circle /g), null);
  // No stray markup: each tag that opens also closes.
  for (const tag of ['svg', 'text', 'title']) {
    assert.equal(
      picture.match(new RegExp(`<${tag}[ >]`, 'g'))?.length,
      picture.match(new RegExp(`</${tag}>`, 'g'))?.length,
    );
  }
});

test('a picture of a document shows formatting and selection, and dims what a dialog covers', () => {
  const desk = new Desk(createDocument(['one two three', 'four']));
  selectText(desk.document, 'two');
  formatText(desk.document, { bold: true, color: 'Red', underline: true });
  formatParagraphs(desk.document, { list: 'bullets', alignment: 'center' });
  const shown = shownDocument(desk);
  assert.deepEqual(
    shown[0]?.runs.map(({ text, isSelected }) => [text, isSelected]),
    [
      ['one ', false],
      ['two', true],
      [' three', false],
    ],
  );
  const plain = renderPicture(observe(desk), { document: shown });
  assert.match(plain, /font-weight="bold"[^>]*text-decoration="underline"[^>]*>two</);
  assert.match(plain, /fill="red"/);
  assert.match(plain, />•</);
  assert.doesNotMatch(plain, /opacity="0.18"/);
  openSurface(desk, 'Zoom dialog');
  assert.match(renderPicture(observe(desk), { document: shown }), /opacity="0.18"/);
});
