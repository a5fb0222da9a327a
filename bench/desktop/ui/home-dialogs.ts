/** The dialogs of the Home tab: font, paragraph, sort, and find, replace, go to. */
import type { Desk } from '../desk.ts';
import type { CharFormat, ParagraphFormat } from '../document.ts';
import { formatText, replaceAll, replaceFirst, selectedText, selectText, sortParagraphs } from '../editing.ts';
import { button, type ControlSpec, checkBox, choice, closing, control, field, inert } from './control.ts';
import { applyParagraph, formatHere, paragraphHere } from './formatting.ts';
import { dialog, type Surface } from './surface.ts';

const FONT_EFFECTS: Readonly<Record<string, keyof CharFormat>> = {
  Strikethrough: 'strikethrough',
  'Double strikethrough': 'doubleStrikethrough',
  'Small caps': 'smallCaps',
  'All caps': 'allCaps',
  Hidden: 'hidden',
};
export const PAGINATION = {
  'Keep with next': 'keepWithNext',
  'Keep lines together': 'keepLines',
  'Page break before': 'pageBreakBefore',
  'Suppress line numbers': 'suppressLineNumbers',
} as const satisfies Readonly<Record<string, keyof ParagraphFormat>>;

/** The tabs of a dialog; each is a surface of its own, so that a tab shows its own controls only. */
const dialogTabs = (tabs: Readonly<Record<string, string>>, selected: string): ControlSpec[] =>
  Object.entries(tabs).map(([name, opens]) =>
    control('TabItem', name, { selected: () => name === selected, ...(name !== selected && { opens }) }),
  );
const FIND_TABS = { Find: 'Find dialog', Replace: 'Replace dialog', 'Go To': 'Go To dialog' };
const PARAGRAPH_TABS = { 'Indents and Spacing': 'Paragraph dialog', 'Line and Page Breaks': 'Page Breaks dialog' };

const fontDialog = dialog(
  'Font dialog',
  [
    ...inert('TabItem', 'Font', 'Advanced'),
    field('Font:'),
    field('Font style:'),
    field('Size:'),
    ...Object.keys(FONT_EFFECTS).map(checkBox),
    control('Button', 'Set As Default'),
    closing('OK', (desk) =>
      desk.change((d) => {
        for (const [name, key] of Object.entries(FONT_EFFECTS)) formatText(d, { [key]: desk.isOn(name) });
        formatText(d, { font: desk.field('Font:'), size: Number(desk.field('Size:')) || formatHere(desk).size });
      }),
    ),
    closing('Cancel'),
  ],
  {
    fields: (desk) => {
      const format = formatHere(desk);
      const effects = Object.entries(FONT_EFFECTS).map(([name, key]) => [name, String(format[key])]);
      return {
        ...Object.fromEntries(effects),
        'Font:': format.font,
        'Font style:': 'Regular',
        'Size:': String(format.size),
      };
    },
  },
);

const paragraphDialogs = [
  dialog(
    'Paragraph dialog',
    [
      ...dialogTabs(PARAGRAPH_TABS, 'Indents and Spacing'),
      field('Alignment:', 'ComboBox'),
      field('Left:', 'Spinner'),
      field('Right:', 'Spinner'),
      field('Before:', 'Spinner'),
      field('After:', 'Spinner'),
      field('Line spacing:', 'ComboBox'),
      control('Button', 'Tabs...'),
      closing('OK', (desk) =>
        applyParagraph(desk, { spaceBefore: Number(desk.field('Before:')), spaceAfter: Number(desk.field('After:')) }),
      ),
      closing('Cancel'),
    ],
    {
      fields: (desk) => ({
        'Before:': String(paragraphHere(desk).spaceBefore),
        'After:': String(paragraphHere(desk).spaceAfter),
      }),
    },
  ),
  dialog(
    'Page Breaks dialog',
    [
      ...dialogTabs(PARAGRAPH_TABS, 'Line and Page Breaks'),
      ...inert('CheckBox', 'Widow/Orphan control'),
      ...Object.keys(PAGINATION).map(checkBox),
      ...inert('CheckBox', "Don't hyphenate"),
      closing('OK', (desk) =>
        applyParagraph(
          desk,
          Object.fromEntries(Object.entries(PAGINATION).map(([name, key]) => [key, desk.isOn(name)])),
        ),
      ),
      closing('Cancel'),
    ],
    {
      fields: (desk) =>
        Object.fromEntries(Object.entries(PAGINATION).map(([name, key]) => [name, String(paragraphHere(desk)[key])])),
    },
  ),
];

const sortDialog = dialog(
  'Sort Text dialog',
  [
    field('Sort by:', 'ComboBox'),
    field('Type:', 'ComboBox'),
    choice('order', 'Ascending'),
    choice('order', 'Descending'),
    ...inert('RadioButton', 'Header row', 'No header row'),
    ...inert('Button', 'Options...'),
    closing('OK', (desk) =>
      desk.change((d) => sortParagraphs(d, desk.field('order') === 'Descending' ? 'descending' : 'ascending')),
    ),
    closing('Cancel'),
  ],
  { fields: () => ({ order: 'Ascending', 'Sort by:': 'Paragraphs', 'Type:': 'Text' }) },
);

const FIND = 'Find what:';
const REPLACE = 'Replace with:';
const findSelection = { fields: (desk: Desk) => ({ [FIND]: selectedText(desk.document) }) };

const findDialogs = [
  dialog(
    'Find dialog',
    [
      ...dialogTabs(FIND_TABS, 'Find'),
      field(FIND, 'ComboBox'),
      checkBox('Match case'),
      ...inert('Button', 'More >>', 'Reading Highlight'),
      button('Find Next', (desk) => {
        selectText(desk.document, desk.field(FIND));
      }),
      closing('Cancel'),
    ],
    findSelection,
  ),
  dialog(
    'Replace dialog',
    [
      ...dialogTabs(FIND_TABS, 'Replace'),
      field(FIND, 'ComboBox'),
      field(REPLACE, 'ComboBox'),
      ...inert('Button', 'More >>', 'Find Next'),
      button('Replace', (desk) =>
        desk.change((d) => {
          replaceFirst(d, desk.field(FIND), desk.field(REPLACE));
        }),
      ),
      button('Replace All', (desk) =>
        desk.change((d) => {
          replaceAll(d, desk.field(FIND), desk.field(REPLACE));
        }),
      ),
      closing('Cancel'),
    ],
    findSelection,
  ),
  dialog(
    'Go To dialog',
    [
      ...dialogTabs(FIND_TABS, 'Go To'),
      ...inert('ListItem', 'Page', 'Section', 'Line', 'Bookmark', 'Comment', 'Footnote'),
      field('Enter page number:'),
      ...inert('Button', 'Previous'),
      button('Next', (desk) => {
        desk.document.view.page = Number(desk.field('Enter page number:')) || 1;
      }),
      closing('Close'),
    ],
    { dismiss: 'Close' },
  ),
];

export const homeDialogs: readonly Surface[] = [fontDialog, ...paragraphDialogs, sortDialog, ...findDialogs];
