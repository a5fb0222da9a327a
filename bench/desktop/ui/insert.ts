/** The Insert tab: pages, tables, links, comments, header and footer, symbols; with its menus, dialogs and editors. */
import type { Desk } from '../desk.ts';
import type { WordDocument } from '../document.ts';
import { selectedParagraphs, selectedText } from '../editing.ts';
import { button, type ControlSpec, closing, control, field, inert, menuItem, opener, rare } from './control.ts';
import { dialog, editor, menu, type Surface, tab } from './surface.ts';

export const COVER_PAGES = [
  'Austin',
  'Banded',
  'Facet',
  'Filigree',
  'Ion (Dark)',
  'Retrospect',
  'Slice (Light)',
  'Whisp',
];
export const PAGE_NUMBER_POSITIONS = ['Top of Page', 'Bottom of Page'] as const;
const PAGE_NUMBER_STYLES = ['Plain Number 1', 'Plain Number 2', 'Plain Number 3', 'Accent Bar 1', 'Circle', 'Brackets'];

/** Puts a page break before the selected paragraph, or at the end. */
export function insertPageBreak(document: WordDocument): void {
  document.page.breaksBefore.push(selectedParagraphs(document)[0] ?? document.paragraphs.length);
}

/** Text into the header or footer story. */
const story = (name: 'header' | 'footer', label: string): Surface =>
  editor(
    `${label} editor`,
    [
      control('Edit', `${label} -Section 1-`, {
        fill: (desk, text) =>
          desk.change((d) => {
            d[name] = text;
          }),
        value: (desk) => desk.document[name],
      }),
      ...inert('Button', 'Date & Time', 'Document Info', 'Quick Parts'),
      ...inert('CheckBox', 'Different First Page', 'Different Odd & Even Pages', 'Show Document Text'),
      closing('Close Header and Footer'),
    ],
    { dismiss: 'Close Header and Footer' },
  );

const positionMenu = (position: string): Surface =>
  menu(`Page Number ${position}`, [
    ...PAGE_NUMBER_STYLES.map((style) =>
      control('ListItem', style, {
        click: (desk) =>
          desk.change((d) => {
            d.pageNumber = `${position}, ${style}`;
          }),
      }),
    ),
    ...inert('MenuItem', 'More Page Numbers from Office.com'),
  ]);

const storyMenu = (name: 'header' | 'footer', label: string): Surface =>
  menu(`${label} menu`, [
    ...inert('ListItem', 'Blank', 'Blank (Three Columns)', 'Austin', 'Banded'),
    control('MenuItem', `Edit ${label}`, { opens: `${label} editor` }),
    menuItem(`Remove ${label}`, (desk) =>
      desk.change((d) => {
        d[name] = '';
      }),
    ),
  ]);

/** A note on the selection, taken from the editor's or dialog's field. */
const anchored = (list: 'comments' | 'bookmarks' | 'links', fieldName: string) => (desk: Desk) =>
  desk.change((d) => {
    d[list].push({ anchor: selectedText(d), text: desk.field(fieldName) });
  });

const countOf = (name: string): ControlSpec => field(name, 'Spinner');

export const insert: readonly Surface[] = [
  tab('Insert', [
    opener('Cover Page', 'Cover Page menu'),
    button('Blank Page', (desk) =>
      desk.change((d) => {
        d.page.blankPages++;
      }),
    ),
    button('Page Break', (desk) => desk.change(insertPageBreak)),
    opener('Table', 'Table menu'),
    ...inert('Button', 'Pictures', 'Shapes', 'Icons', '3D Models', 'SmartArt', 'Chart...', 'Screenshot'),
    ...rare('Button', 'Get Add-ins', 'My Add-ins', 'Online Videos...'),
    opener('Link', 'Hyperlink dialog'),
    opener('Bookmark...', 'Bookmark dialog'),
    ...inert('Button', 'Cross-reference...'),
    opener('Comment', 'Comment editor'),
    opener('Header', 'Header menu'),
    opener('Footer', 'Footer menu'),
    opener('Page Number', 'Page Number menu'),
    ...inert('Button', 'Text Box', 'Quick Parts', 'WordArt', 'Drop Cap'),
    ...rare('Button', 'Signature Line', 'Date & Time...', 'Object...'),
    ...inert('Button', 'Equation', 'Symbol'),
  ]),
  menu('Cover Page menu', [
    ...COVER_PAGES.map((name) =>
      control('ListItem', name, {
        click: (desk) =>
          desk.change((d) => {
            d.page.coverPage = name;
          }),
      }),
    ),
    menuItem('Remove Current Cover Page', (desk) =>
      desk.change((d) => {
        d.page.coverPage = '';
      }),
    ),
  ]),
  menu('Table menu', [
    ...inert('ListItem', '1x1 Table', '2x1 Table', '3x1 Table', '1x2 Table', '2x2 Table', '3x2 Table'),
    control('MenuItem', 'Insert Table...', { opens: 'Insert Table dialog' }),
    ...inert('MenuItem', 'Draw Table', 'Convert Text to Table...', 'Excel Spreadsheet', 'Quick Tables'),
  ]),
  dialog(
    'Insert Table dialog',
    [
      countOf('Number of columns:'),
      countOf('Number of rows:'),
      ...inert('RadioButton', 'Fixed column width:', 'AutoFit to contents', 'AutoFit to window'),
      closing('OK', (desk) =>
        desk.change((d) => {
          const rows = Number(desk.field('Number of rows:'));
          const columns = Number(desk.field('Number of columns:'));
          d.tables.push({ rows, columns, alignment: 'left' });
        }),
      ),
      closing('Cancel'),
    ],
    { fields: () => ({ 'Number of columns:': '5', 'Number of rows:': '2' }) },
  ),
  dialog(
    'Hyperlink dialog',
    [
      ...inert(
        'ListItem',
        'Existing File or Web Page',
        'Place in This Document',
        'Create New Document',
        'E-mail Address',
      ),
      field('Text to display:'),
      field('Address:', 'ComboBox'),
      ...inert('Button', 'ScreenTip...', 'Target Frame...'),
      closing('OK', anchored('links', 'Address:')),
      closing('Cancel'),
    ],
    { fields: (desk) => ({ 'Text to display:': selectedText(desk.document) }) },
  ),
  dialog('Bookmark dialog', [
    field('Bookmark name:'),
    ...inert('RadioButton', 'Name', 'Location'),
    ...inert('CheckBox', 'Hidden bookmarks'),
    closing('Add', anchored('bookmarks', 'Bookmark name:')),
    control('Button', 'Delete', { enabled: (desk) => desk.document.bookmarks.length > 0 }),
    control('Button', 'Go To', { enabled: (desk) => desk.document.bookmarks.length > 0 }),
    closing('Cancel'),
  ]),
  editor('Comment editor', [
    field('Start a conversation'),
    closing('Post comment', anchored('comments', 'Start a conversation')),
    closing('Cancel comment'),
  ]),
  storyMenu('header', 'Header'),
  storyMenu('footer', 'Footer'),
  story('header', 'Header'),
  story('footer', 'Footer'),
  menu('Page Number menu', [
    ...PAGE_NUMBER_POSITIONS.map((position) => control('MenuItem', position, { opens: `Page Number ${position}` })),
    ...inert('MenuItem', 'Page Margins', 'Current Position', 'Format Page Numbers...'),
    menuItem('Remove Page Numbers', (desk) =>
      desk.change((d) => {
        d.pageNumber = '';
      }),
    ),
  ]),
  ...PAGE_NUMBER_POSITIONS.map(positionMenu),
];
