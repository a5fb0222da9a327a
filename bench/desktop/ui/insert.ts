/** The Insert tab: pages, tables, links, comments, header and footer. What it puts in as an object is in `insert-items.ts`. */
import type { Desk } from '../desk.ts';
import { createTable, type PageSetup, type WordDocument } from '../document.ts';
import { selectedParagraphs, selectedText } from '../editing.ts';
import { button, type ControlSpec, closing, control, field, inert, menuItem, opener, rare } from './control.ts';
import { insertItemSurfaces } from './insert-items.ts';
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
export const PAGE_NUMBER_STYLES = [
  'Plain Number 1',
  'Plain Number 2',
  'Plain Number 3',
  'Accent Bar 1',
  'Circle',
  'Brackets',
];

/** Puts a page break before the selected paragraph, or at the end. */
export function insertPageBreak(document: WordDocument): void {
  document.page.breaksBefore.push(selectedParagraphs(document)[0] ?? document.paragraphs.length);
}

type PageFlag = 'differentFirstPage' | 'differentOddEven';
const pageBox = (name: string, flag: PageFlag): ControlSpec =>
  control('CheckBox', name, {
    selected: (desk) => desk.document.page[flag],
    click: (desk) =>
      desk.change(({ page }: { page: PageSetup }) => {
        page[flag] = !page[flag];
      }),
  });

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
      pageBox('Different First Page', 'differentFirstPage'),
      pageBox('Different Odd & Even Pages', 'differentOddEven'),
      ...inert('CheckBox', 'Show Document Text'),
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

const insertTab = tab('Insert', [
  opener('Cover Page', 'Cover Page menu'),
  button('Blank Page', (desk) =>
    desk.change((d) => {
      d.page.blankPages++;
    }),
  ),
  button('Page Break', (desk) => desk.change(insertPageBreak)),
  opener('Table', 'Table menu'),
  opener('Pictures', 'Insert Picture dialog'),
  opener('Shapes', 'Shapes menu'),
  opener('Icons', 'Icons dialog'),
  ...inert('Button', '3D Models'),
  opener('SmartArt', 'SmartArt dialog'),
  opener('Chart...', 'Chart dialog'),
  ...inert('Button', 'Screenshot'),
  ...rare('Button', 'Get Add-ins', 'My Add-ins', 'Online Videos...'),
  opener('Link', 'Hyperlink dialog'),
  opener('Bookmark...', 'Bookmark dialog'),
  ...inert('Button', 'Cross-reference...'),
  opener('Comment', 'Comment editor'),
  opener('Header', 'Header menu'),
  opener('Footer', 'Footer menu'),
  opener('Page Number', 'Page Number menu'),
  opener('Text Box', 'Text Box menu'),
  ...inert('Button', 'Quick Parts'),
  opener('WordArt', 'WordArt menu'),
  opener('Drop Cap', 'Drop Cap menu'),
  ...rare('Button', 'Signature Line', 'Object...'),
  opener('Date & Time...', 'Date and Time dialog'),
  opener('Equation', 'Equation menu'),
  opener('Symbol', 'Symbol menu'),
]);

export const insert: readonly Surface[] = [
  insertTab,
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
      field('Number of columns:', 'Spinner'),
      field('Number of rows:', 'Spinner'),
      ...inert('RadioButton', 'Fixed column width:', 'AutoFit to contents', 'AutoFit to window'),
      closing('OK', (desk) =>
        desk.change((d) => {
          d.tables.push(createTable(Number(desk.field('Number of rows:')), Number(desk.field('Number of columns:'))));
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
  ...insertItemSurfaces,
];
