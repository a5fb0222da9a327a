/** Objects that the Insert tab puts into the document: shapes, charts, equations, symbols, pictures, dates. */
import type { Desk } from '../desk.ts';
import { formatParagraphs } from '../editing.ts';
import { choice, closing, control, field, inert, listItem } from './control.ts';
import { dialog, menu, type Surface } from './surface.ts';

export const SHAPES = [
  'Line',
  'Arrow',
  'Rectangle',
  'Oval',
  'Isosceles Triangle',
  'Diamond',
  'Heart',
  'Cloud',
  '5-Point Star',
];
export const TEXT_BOXES = [
  'Simple Text Box',
  'Austin Quote',
  'Banded Sidebar',
  'Facet Quote',
  'Ion Sidebar',
  'Retrospect Quote',
];
export const WORD_ART = [
  'Fill, Black',
  'Fill, Blue',
  'Fill, Gold',
  'Outline, Orange',
  'Gradient Fill, Gray',
  'Pattern Fill',
];
export const EQUATIONS = [
  'Area of Circle',
  'Binomial Theorem',
  'Expansion of a Sum',
  'Fourier Series',
  'Pythagorean Theorem',
  'Quadratic Formula',
  'Taylor Expansion',
];
export const SYMBOLS = [
  'Euro Sign',
  'Pound Sign',
  'Yen Sign',
  'Copyright Sign',
  'Registered Sign',
  'Trade Mark Sign',
  'Plus-Minus Sign',
  'Infinity',
  'Greek Small Letter Alpha',
];
export const DROP_CAPS = ['Dropped', 'In margin'];
export const CHARTS = ['Column', 'Line', 'Pie', 'Bar', 'Area', 'Scatter', 'Radar', 'Waterfall'];
export const SMART_ART = [
  'Basic Block List',
  'Basic Process',
  'Basic Cycle',
  'Organization Chart',
  'Basic Venn',
  'Basic Pyramid',
];
export const ICONS = ['Airplane', 'Bicycle', 'Camera', 'Clock', 'Envelope', 'Lightbulb', 'Telephone', 'Umbrella'];
export const DATE_FORMATS = [
  '11/22/2026',
  'Sunday, November 22, 2026',
  'November 22, 2026',
  '22-Nov-26',
  'Nov. 22, 26',
  '2026-11-22',
];

/** Puts an object into the document; where does not matter here. */
const insertItem = (desk: Desk, kind: string, name: string): void =>
  desk.change((d) => {
    d.items.push({ kind, name });
  });

const itemMenu = (kind: string, items: readonly string[]): Surface['controls'] =>
  items.map((item) => listItem(item, (desk) => insertItem(desk, kind, item)));

/** A dialog with a list, out of which one item is inserted. */
const listDialog = (name: string, kind: string, items: readonly string[]): Surface =>
  dialog(
    name,
    [
      ...items.map((item) => choice('item', item, 'ListItem')),
      closing('OK', (desk) => insertItem(desk, kind, desk.field('item'))),
      closing('Cancel'),
    ],
    { fields: () => ({ item: '' }) },
  );

export const insertItemSurfaces: readonly Surface[] = [
  menu('Shapes menu', [...itemMenu('shape', SHAPES), ...inert('MenuItem', 'New Drawing Canvas')]),
  menu('Text Box menu', [...itemMenu('text box', TEXT_BOXES), ...inert('MenuItem', 'Draw Text Box')]),
  menu('WordArt menu', itemMenu('WordArt', WORD_ART)),
  menu('Equation menu', [...itemMenu('equation', EQUATIONS), ...inert('MenuItem', 'Ink Equation')]),
  menu('Symbol menu', [...itemMenu('symbol', SYMBOLS), ...inert('MenuItem', 'More Symbols...')]),
  menu('Drop Cap menu', [
    ...['None', ...DROP_CAPS].map((dropCap) =>
      control('MenuItem', dropCap, { click: (desk) => desk.change((d) => formatParagraphs(d, { dropCap })) }),
    ),
    ...inert('MenuItem', 'Drop Cap Options...'),
  ]),
  listDialog('Chart dialog', 'chart', CHARTS),
  listDialog('SmartArt dialog', 'SmartArt', SMART_ART),
  listDialog('Icons dialog', 'icon', ICONS),
  listDialog('Date and Time dialog', 'date', DATE_FORMATS),
  dialog('Insert Picture dialog', [
    ...inert('ListItem', 'Desktop', 'Documents', 'Downloads', 'Pictures'),
    field('File name:'),
    closing('Insert', (desk) => insertItem(desk, 'picture', desk.field('File name:'))),
    closing('Cancel'),
  ]),
];
