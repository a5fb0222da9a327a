/** The References tab: contents, notes, captions, figures, index, bibliography. */
import { selectedText } from '../editing.ts';
import { checkBox, closing, control, field, inert, listItem, menuItem, opener, rare } from './control.ts';
import { dialog, editor, menu, type Surface, tab } from './surface.ts';

export const TABLES_OF_CONTENTS = ['Automatic Table 1', 'Automatic Table 2', 'Manual Table'];
export const BIBLIOGRAPHIES = ['Built-In Bibliography', 'Built-In References', 'Works Cited'];
export const CAPTION_LABELS = ['Figure', 'Table', 'Equation'];
export const LIST_FORMATS = ['Classic', 'Distinctive', 'Centered', 'Formal', 'Simple'];

const noteEditor = (list: 'footnotes' | 'endnotes', label: string): Surface =>
  editor(`${label} editor`, [
    control('Edit', `${label} text`, {
      fill: (desk, text) => {
        desk.change((d) => {
          d[list].push({ anchor: selectedText(d), text });
        });
        desk.ui.editor = null;
      },
      value: () => '',
    }),
  ]);

/** A dialog that puts a generated list into the document, in a format. */
const listDialog = (name: string, key: 'tableOfFigures' | 'index'): Surface =>
  dialog(
    name,
    [
      field('Formats:', 'ComboBox'),
      checkBox('Show page numbers'),
      checkBox('Right align page numbers'),
      ...inert('Button', 'Modify...'),
      closing('OK', (desk) =>
        desk.change((d) => {
          d[key] = desk.field('Formats:');
        }),
      ),
      closing('Cancel'),
    ],
    { fields: () => ({ 'Formats:': 'From template' }) },
  );

export const references: readonly Surface[] = [
  tab('References', [
    opener('Table of Contents', 'Table of Contents menu'),
    ...inert('Button', 'Add Text', 'Update Table...'),
    opener('Insert Footnote', 'Footnote editor'),
    opener('Insert Endnote', 'Endnote editor'),
    ...inert('Button', 'Next Footnote', 'Show Notes', 'Search', 'Insert Citation', 'Manage Sources...'),
    ...rare('ComboBox', 'Style'),
    opener('Bibliography', 'Bibliography menu'),
    opener('Insert Caption...', 'Caption dialog'),
    opener('Insert Table of Figures...', 'Table of Figures dialog'),
    ...inert('Button', 'Cross-reference...'),
    opener('Mark Entry...', 'Mark Index Entry dialog'),
    opener('Insert Index...', 'Index dialog'),
    ...inert('Button', 'Mark Citation...'),
  ]),
  menu('Table of Contents menu', [
    ...TABLES_OF_CONTENTS.map((name) =>
      listItem(name, (desk) =>
        desk.change((d) => {
          d.tableOfContents = name;
        }),
      ),
    ),
    ...inert('MenuItem', 'Custom Table of Contents...'),
    menuItem('Remove Table of Contents', (desk) =>
      desk.change((d) => {
        d.tableOfContents = '';
      }),
    ),
  ]),
  menu(
    'Bibliography menu',
    BIBLIOGRAPHIES.map((name) =>
      listItem(name, (desk) =>
        desk.change((d) => {
          d.bibliography = name;
        }),
      ),
    ),
  ),
  dialog(
    'Caption dialog',
    [
      field('Caption:'),
      field('Label:', 'ComboBox'),
      field('Position:', 'ComboBox'),
      checkBox('Exclude label from caption'),
      ...inert('Button', 'New Label...', 'Numbering...', 'AutoCaption...'),
      closing('OK', (desk) =>
        desk.change((d) => {
          d.captions.push(desk.field('Caption:'));
        }),
      ),
      closing('Cancel'),
    ],
    { fields: () => ({ 'Caption:': 'Figure 1', 'Label:': 'Figure' }) },
  ),
  listDialog('Table of Figures dialog', 'tableOfFigures'),
  listDialog('Index dialog', 'index'),
  dialog(
    'Mark Index Entry dialog',
    [
      field('Main entry:'),
      field('Subentry:'),
      ...inert('RadioButton', 'Current page', 'Page range'),
      closing('Mark', (desk) =>
        desk.change((d) => {
          d.indexEntries.push({ anchor: selectedText(d), text: desk.field('Main entry:') });
        }),
      ),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ 'Main entry:': selectedText(desk.document) }) },
  ),
  noteEditor('footnotes', 'Footnote'),
  noteEditor('endnotes', 'Endnote'),
];
