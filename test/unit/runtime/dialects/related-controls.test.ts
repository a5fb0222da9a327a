import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { labelControls } from '../../../../src/runtime/dialects/labels.ts';
import { findReferences } from '../../../../src/runtime/dialects/references.ts';
import { MAX_RELATED, relatedControls } from '../../../../src/runtime/dialects/related-controls.ts';
import { aControl } from '../../../support/states.ts';

const related = (task: string, names: readonly string[]): string[] => {
  const labels = labelControls(names.map((name, i) => aControl({ id: String(i), name })));
  return relatedControls(task, findReferences(task), labels).map((index) => names[index] as string);
};

const CASES: readonly (readonly [task: string, names: readonly string[], expected: readonly string[]])[] = [
  ['give the page wide margins', ['Normal', 'Wide', 'Bold', 'Margins'], ['Wide', 'Margins']],
  ['highlight it in dark yellow', ['Yellow', 'Dark Red', 'Dark Yellow'], ['Dark Yellow', 'Yellow', 'Dark Red']],
  ['show the words underlined', ['Underline', 'Under Water', 'Bold'], ['Underline']],
  ['make it italics, centered, in three columns', ['Column', 'Italic', 'Center'], ['Column', 'Italic', 'Center']],
  ['could you please do this for me', ['Do', 'This', 'Forms', 'To Me'], []],
  ["make 'Wide and bold' italic", ['Wide', 'Bold', 'Italic'], ['Italic']],
  ["apply the style 'Heading 1'", ['Heading 1', 'Heading 2'], ['Heading 1']],
  ['add a drop cap', ['Get More Add-ins', 'Drop Cap', 'Drop Cap Options'], ['Drop Cap', 'Drop Cap Options']],
  ['выделить текст жирным', ['Жирный', 'Жирным шрифтом', 'Курсив'], ['Жирный', 'Жирным шрифтом']],
  ['', ['Bold'], []],
];

for (const [task, names, expected] of CASES) {
  test(`controls that '${task}' is about: ${expected.join(', ') || 'none'}`, () =>
    assert.deepEqual(related(task, names), expected));
}

test('related controls are in the list, each once, and never too many', () => {
  const words = fc.constantFrom('bold', 'Bold', 'font size', 'Size', 'page', "'page'", '🙂', '', 'İ', 'a', '12');
  fc.assert(
    fc.property(fc.array(words), fc.array(words), (task, names) => {
      const labels = labelControls(names.map((name, i) => aControl({ id: String(i), name })));
      const text = task.join(' ');
      const indices = relatedControls(text, findReferences(text), labels);
      assert.ok(indices.length <= MAX_RELATED);
      assert.equal(new Set(indices).size, indices.length);
      for (const index of indices) assert.ok(labels[index]);
    }),
  );
});
