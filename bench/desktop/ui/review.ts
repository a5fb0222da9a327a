/** The References, Review and View tabs, with their menus, dialogs and editors. */
import type { Desk } from '../desk.ts';
import { countWords, documentText } from '../document.ts';
import { selectedText } from '../editing.ts';
import {
  button,
  checkBox,
  choice,
  closing,
  control,
  field,
  inert,
  listItem,
  menuItem,
  opener,
  rare,
  toggle,
} from './control.ts';
import { dialog, editor, menu, type Surface, tab } from './surface.ts';

export const TABLES_OF_CONTENTS = ['Automatic Table 1', 'Automatic Table 2', 'Manual Table'];
export const VIEW_MODES = ['Read Mode', 'Print Layout', 'Web Layout', 'Outline', 'Draft'];
const ZOOM_PRESETS = ['200%', '100%', '75%'];

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

export const references: readonly Surface[] = [
  tab('References', [
    opener('Table of Contents', 'Table of Contents menu'),
    ...inert('Button', 'Add Text', 'Update Table...'),
    opener('Insert Footnote', 'Footnote editor'),
    opener('Insert Endnote', 'Endnote editor'),
    ...inert('Button', 'Next Footnote', 'Show Notes', 'Search', 'Insert Citation', 'Manage Sources...'),
    ...rare('ComboBox', 'Style'),
    ...inert('Button', 'Bibliography'),
    opener('Insert Caption...', 'Caption dialog'),
    ...inert(
      'Button',
      'Insert Table of Figures...',
      'Cross-reference...',
      'Mark Entry...',
      'Insert Index...',
      'Mark Citation...',
    ),
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
  noteEditor('footnotes', 'Footnote'),
  noteEditor('endnotes', 'Endnote'),
];

export const review: readonly Surface[] = [
  tab('Review', [
    ...inert('Button', 'Spelling & Grammar', 'Thesaurus...'),
    opener('Word Count', 'Word Count dialog'),
    ...inert('Button', 'Read Aloud', 'Check Accessibility', 'Translate', 'Language'),
    opener('New Comment', 'Comment editor'),
    opener('Delete', 'Delete Comment menu', { enabled: (desk) => desk.document.comments.length > 0 }),
    ...inert('Button', 'Previous Comment', 'Next Comment'),
    toggle(
      'Show Comments',
      () => false,
      () => {},
    ),
    toggle(
      'Track Changes',
      (desk) => desk.document.trackChanges,
      (desk) => {
        desk.document.trackChanges = !desk.document.trackChanges;
      },
    ),
    ...inert('ComboBox', 'Display for Review'),
    ...rare('Button', 'Show Markup', 'Reviewing Pane'),
    opener('Accept', 'Accept menu'),
    opener('Reject', 'Reject menu'),
    ...inert('Button', 'Previous Change', 'Next Change', 'Compare', 'Block Authors', 'Restrict Editing', 'Hide Ink'),
  ]),
  menu('Delete Comment menu', [
    control('MenuItem', 'Delete Comment'),
    menuItem('Delete All Comments in Document', (desk) =>
      desk.change((d) => {
        d.comments = [];
      }),
    ),
  ]),
  ...['Accept', 'Reject'].map((verb) =>
    menu(`${verb} menu`, [
      ...inert('MenuItem', `${verb} and Move to Next`, `${verb} This Change`),
      menuItem(`${verb} All Changes`, (desk) =>
        desk.change((d) => {
          d.revisions = 0;
        }),
      ),
      menuItem(`${verb} All Changes and Stop Tracking`, (desk) =>
        desk.change((d) => {
          d.revisions = 0;
          d.trackChanges = false;
        }),
      ),
    ]),
  ),
  dialog(
    'Word Count dialog',
    [
      control('Text', 'Words', { label: (desk) => `Words ${countWords(desk.document)}` }),
      control('Text', 'Characters', { label: (desk) => `Characters ${documentText(desk.document).length}` }),
      control('Text', 'Paragraphs', { label: (desk) => `Paragraphs ${desk.document.paragraphs.length}` }),
      checkBox('Include textboxes, footnotes and endnotes'),
      closing('Close'),
    ],
    { dismiss: 'Close' },
  ),
];

type ViewFlag = 'ruler' | 'gridlines' | 'navigation';
const viewBox = (name: string, flag: ViewFlag) =>
  control('CheckBox', name, {
    selected: (desk: Desk) => desk.document.view[flag],
    click: (desk: Desk) => {
      desk.document.view[flag] = !desk.document.view[flag];
    },
  });

const setZoom = (desk: Desk, zoom: number): void => {
  desk.document.view.zoom = zoom;
};

export const view: readonly Surface[] = [
  tab('View', [
    ...VIEW_MODES.map((mode) =>
      toggle(
        mode,
        (desk) => desk.document.view.mode === mode,
        (desk) => {
          desk.document.view.mode = mode;
        },
      ),
    ),
    ...inert('Button', 'Focus', 'Immersive Reader', 'Vertical', 'Side to Side'),
    viewBox('Ruler', 'ruler'),
    viewBox('Gridlines', 'gridlines'),
    viewBox('Navigation Pane', 'navigation'),
    opener('Zoom...', 'Zoom dialog'),
    button('100%', (desk) => setZoom(desk, 100)),
    ...inert(
      'Button',
      'One Page',
      'Multiple Pages',
      'Page Width',
      'New Window',
      'Arrange All',
      'Split',
      'Switch Windows',
    ),
    ...rare('Button', 'View Side by Side', 'Macros', 'Properties'),
  ]),
  dialog(
    'Zoom dialog',
    [
      ...ZOOM_PRESETS.map((name) => choice('preset', name)),
      ...inert('RadioButton', 'Page width', 'Text width', 'Whole page'),
      field('Percent:', 'Spinner'),
      closing('OK', (desk) => setZoom(desk, Number.parseInt(desk.field('Percent:'), 10) || 100)),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ 'Percent:': String(desk.document.view.zoom) }) },
  ),
];
