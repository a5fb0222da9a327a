/** The Home tab: clipboard, font, paragraph, styles, editing; with its menus and dialogs. */
import type { Desk } from '../desk.ts';
import type { CharFormat, ParagraphFormat } from '../document.ts';
import { BODY_TEXT, PLAIN } from '../document.ts';
import {
  formatAtSelection,
  formatParagraphs,
  formatText,
  mapSelectedText,
  paragraphAtSelection,
  replaceAll,
  selectedText,
  typeText,
} from '../editing.ts';
import { colorPicker, highlightPicker } from './colors.ts';
import {
  button,
  type ControlSpec,
  checkBox,
  closing,
  control,
  dropDown,
  field,
  inert,
  listItem,
  menuItem,
  opener,
  rare,
  toggle,
} from './control.ts';
import { dialog, menu, type Surface, tab } from './surface.ts';

export const STYLES = [
  'Normal',
  'No Spacing',
  'Heading 1',
  'Heading 2',
  'Title',
  'Subtitle',
  'Heading 3',
  'Subtle Emphasis',
  'Emphasis',
  'Strong',
  'Quote',
  'Intense Quote',
  'List Paragraph',
] as const;

const applyText = (desk: Desk, format: Partial<CharFormat>): void => desk.change((d) => formatText(d, format));
const applyParagraph = (desk: Desk, format: Partial<ParagraphFormat>): void =>
  desk.change((d) => formatParagraphs(d, format));
const formatHere = (desk: Desk): CharFormat => formatAtSelection(desk.document);
const paragraphHere = (desk: Desk): ParagraphFormat => paragraphAtSelection(desk.document)?.format ?? BODY_TEXT;
const hasSelection = (desk: Desk): boolean => desk.document.selection.type !== 'none';

type Flag = 'bold' | 'italic' | 'underline' | 'strikethrough';
const flagToggle = (name: string, flag: Flag): ControlSpec =>
  toggle(
    name,
    (desk) => formatHere(desk)[flag],
    (desk) => applyText(desk, { [flag]: !formatHere(desk)[flag] }),
  );
const scriptToggle = (name: string, script: 'subscript' | 'superscript'): ControlSpec =>
  toggle(
    name,
    (desk) => formatHere(desk).script === script,
    (desk) => applyText(desk, { script: formatHere(desk).script === script ? 'none' : script }),
  );
const listToggle = (name: string, list: 'bullets' | 'numbering'): ControlSpec =>
  toggle(
    name,
    (desk) => paragraphHere(desk).list === list,
    (desk) => applyParagraph(desk, { list: paragraphHere(desk).list === list ? 'none' : list }),
  );
const align = (name: string, alignment: ParagraphFormat['alignment']): ControlSpec =>
  toggle(
    name,
    (desk) => alignmentHere(desk) === alignment,
    (desk) => setAlignment(desk, alignment),
  );

function alignmentHere(desk: Desk): ParagraphFormat['alignment'] {
  const { selection, tables } = desk.document;
  if (selection.type === 'table') return tables[selection.index]?.alignment ?? 'left';
  return paragraphHere(desk).alignment;
}

function setAlignment(desk: Desk, alignment: ParagraphFormat['alignment']): void {
  desk.change((d) => {
    const table = d.selection.type === 'table' ? d.tables[d.selection.index] : undefined;
    if (table) table.alignment = alignment;
    else formatParagraphs(d, { alignment });
  });
}

const style = (name: string): ControlSpec =>
  listItem(name, (desk) => applyParagraph(desk, { style: name }), {
    selected: (desk) => paragraphHere(desk).style === name,
  });
/** The ribbon's gallery has room for the first few styles only. */
const galleryStyle = (name: string, index: number): ControlSpec => ({
  ...style(name),
  shown: (desk) => index < desk.clutter.numStyles,
});

/** Bigger and smaller fonts move along these sizes, in points. */
const SIZES = [8, 9, 10, 11, 12, 14, 16, 18, 20, 22, 24, 26, 28, 36, 48, 72];
const resize = (direction: 1 | -1) => (desk: Desk) => {
  const { size } = formatHere(desk);
  const next = direction === 1 ? SIZES.find((s) => s > size) : SIZES.findLast((s) => s < size);
  applyText(desk, { size: next ?? size });
};
const indent = (by: 1 | -1) => (desk: Desk) =>
  applyParagraph(desk, { indent: Math.max(0, paragraphHere(desk).indent + by) });

const CASES: Readonly<Record<string, (text: string) => string>> = {
  'Sentence case.': (text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase(),
  lowercase: (text) => text.toLowerCase(),
  UPPERCASE: (text) => text.toUpperCase(),
  'Capitalize Each Word': (text) =>
    text.toLowerCase().replace(/\p{L}+/gu, (w) => w.charAt(0).toUpperCase() + w.slice(1)),
  'tOGGLE cASE': (text) => [...text].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
};
export const changeCase = (name: string, text: string): string => CASES[name]?.(text) ?? text;

const FONT_EFFECTS: Readonly<Record<string, keyof CharFormat>> = {
  Strikethrough: 'strikethrough',
  'Double strikethrough': 'doubleStrikethrough',
  'Small caps': 'smallCaps',
  'All caps': 'allCaps',
  Hidden: 'hidden',
};

export const BORDERS = [
  'Bottom Border',
  'Top Border',
  'Left Border',
  'Right Border',
  'No Border',
  'All Borders',
  'Outside Borders',
];
export const LINE_SPACINGS = ['1.0', '1.15', '1.5', '2.0', '2.5', '3.0'];

export const home: readonly Surface[] = [
  tab('Home', [
    control('SplitButton', 'Paste'),
    button('Cut', (desk) => desk.change((d) => typeText(d, '')), { enabled: hasSelection }),
    control('Button', 'Copy', { enabled: hasSelection }),
    ...inert('Button', 'Format Painter'),
    ...rare('Button', 'Clipboard...'),
    control('ComboBox', 'Font', {
      fill: (desk, font) => applyText(desk, { font }),
      value: (desk) => formatHere(desk).font,
    }),
    control('ComboBox', 'Font Size', {
      fill: (desk, size) => applyText(desk, { size: Number(size) || formatHere(desk).size }),
      value: (desk) => String(formatHere(desk).size),
    }),
    button('Increase Font Size', resize(1)),
    button('Decrease Font Size', resize(-1)),
    opener('Change Case', 'Change Case menu'),
    button('Clear All Formatting', (desk) => applyText(desk, PLAIN)),
    flagToggle('Bold', 'bold'),
    flagToggle('Italic', 'italic'),
    flagToggle('Underline', 'underline'),
    ...rare('MenuItem', 'More Options'),
    flagToggle('Strikethrough', 'strikethrough'),
    scriptToggle('Subscript', 'subscript'),
    scriptToggle('Superscript', 'superscript'),
    ...rare('MenuItem', 'Text Effects and Typography'),
    control('SplitButton', 'Text Highlight Color', { click: (desk) => applyText(desk, { highlight: 'Yellow' }) }),
    dropDown('Text Highlight Color Options', 'Highlight menu'),
    control('SplitButton', 'Font Color', { click: (desk) => applyText(desk, { color: 'Red' }) }),
    dropDown('Font Color Options', 'Font Color menu'),
    opener('Font...', 'Font dialog'),
    listToggle('Bullets', 'bullets'),
    listToggle('Numbering', 'numbering'),
    ...rare('MenuItem', 'Multilevel List'),
    button('Decrease Indent', indent(-1)),
    button('Increase Indent', indent(1)),
    ...rare('Button', 'Sort...'),
    toggle(
      'Show/Hide ¶',
      (desk) => desk.document.view.marks,
      (desk) => {
        desk.document.view.marks = !desk.document.view.marks;
      },
    ),
    align('Align Left', 'left'),
    align('Center', 'center'),
    align('Align Right', 'right'),
    align('Justify', 'justify'),
    opener('Line and Paragraph Spacing', 'Line Spacing menu'),
    opener('Shading', 'Shading menu'),
    opener('Borders', 'Borders menu'),
    opener('Paragraph...', 'Paragraph dialog'),
    ...STYLES.map(galleryStyle),
    opener('More Styles', 'Styles menu'),
    ...rare('Button', 'Styles...'),
    opener('Find', 'Find dialog'),
    opener('Replace...', 'Replace dialog'),
    ...rare('Button', 'Select', 'Dictate', 'Editor', 'Add-ins'),
  ]),
  menu('Change Case menu', [
    ...Object.keys(CASES).map((name) =>
      menuItem(name, (desk) => desk.change((d) => mapSelectedText(d, (text) => changeCase(name, text)))),
    ),
  ]),
  menu(
    'Highlight menu',
    highlightPicker((desk, highlight) => applyText(desk, { highlight })),
  ),
  menu(
    'Font Color menu',
    colorPicker('Automatic', (desk, color) => applyText(desk, { color })),
  ),
  menu(
    'Shading menu',
    colorPicker('No Color', (desk, shading) => applyParagraph(desk, { shading })),
  ),
  menu('Borders menu', [
    ...BORDERS.map((border) => menuItem(border, (desk) => applyParagraph(desk, { border }))),
    ...inert('MenuItem', 'Horizontal Line', 'Draw Table', 'View Gridlines', 'Borders and Shading...'),
  ]),
  menu('Line Spacing menu', [
    ...LINE_SPACINGS.map((spacing) =>
      menuItem(spacing, (desk) => applyParagraph(desk, { lineSpacing: Number(spacing) })),
    ),
    control('MenuItem', 'Line Spacing Options...', { opens: 'Paragraph dialog' }),
    menuItem('Add Space Before Paragraph', (desk) => applyParagraph(desk, { spaceBefore: 12 })),
    menuItem('Remove Space After Paragraph', (desk) => applyParagraph(desk, { spaceAfter: 0 })),
  ]),
  menu('Styles menu', [
    ...STYLES.map(style),
    ...inert('MenuItem', 'Create a Style', 'Clear Formatting', 'Apply Styles...'),
  ]),
  dialog(
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
  ),
  dialog(
    'Paragraph dialog',
    [
      ...inert('TabItem', 'Indents and Spacing', 'Line and Page Breaks'),
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
  dialog('Find dialog', [
    ...inert('TabItem', 'Find', 'Replace', 'Go To'),
    field('Find what:', 'ComboBox'),
    ...inert('Button', 'More >>', 'Reading Highlight', 'Find Next'),
    closing('Cancel'),
  ]),
  dialog(
    'Replace dialog',
    [
      ...inert('TabItem', 'Find', 'Replace', 'Go To'),
      field('Find what:', 'ComboBox'),
      field('Replace with:', 'ComboBox'),
      ...inert('Button', 'More >>', 'Find Next'),
      button('Replace', () => {}),
      button('Replace All', (desk) =>
        desk.change((d) => {
          replaceAll(d, desk.field('Find what:'), desk.field('Replace with:'));
        }),
      ),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ 'Find what:': selectedText(desk.document) }) },
  ),
];
