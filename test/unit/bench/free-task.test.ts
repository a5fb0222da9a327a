import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desktopFor, quotedTexts } from '../../../bench/agent/free-task.ts';

test('quoted texts are found in both kinds of quotes, and an apostrophe opens none', () => {
  assert.deepEqual(quotedTexts(`make 'Quarterly report' bold and "Total" red`), ['Quarterly report', 'Total']);
  assert.deepEqual(quotedTexts(`I'd like the header's text gone`), []);
});

test('what a task quotes stands in the document', () => {
  const desktop = desktopFor("make 'Quarterly report' bold", 1);
  const texts = desktop.desk.document.paragraphs.map(({ runs }) => runs.map((run) => run.text).join(''));
  assert.equal(texts.filter((text) => text.includes('Quarterly report')).length, 1);
});
