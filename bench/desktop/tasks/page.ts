/** Tasks about the page: orientation, margins, size, columns, watermark, colour, border. */
import type { Margins, PageSetup } from '../document.ts';
import { fill, press, turnOn } from '../goals.ts';
import { STANDARD_COLORS } from '../ui/colors.ts';
import { COLUMNS, HYPHENATION, LINE_NUMBERS, MARGINS, PAGE_BORDERS, PAPER_SIZES, WATERMARKS } from '../ui/page.ts';
import type { Template } from './task.ts';

type PageTask = Pick<Template, 'train' | 'test'> & {
  readonly menu: string;
  readonly values: readonly string[];
  readonly apply: (value: string) => Partial<PageSetup>;
  /** How the value is written in the request. */
  readonly word?: (value: string) => string;
};

/** A choice out of one menu that sets one property of the page. */
const pageTask = (name: string, { menu, values, apply, word = (value) => value, ...wordings }: PageTask): Template => ({
  name,
  ...wordings,
  create: (draw) => {
    const value = draw.pick(values);
    return {
      slots: { value: word(value) },
      goals: [press(`${menu}/${value}`)],
      start: ({ document }, random) => {
        Object.assign(document.page, apply(random.pick(values.filter((other) => other !== value))));
      },
      expect: (d) => {
        Object.assign(d.page, apply(value));
      },
    };
  },
});

const lower = (value: string): string => value.toLowerCase();
const SIDES = ['top', 'bottom', 'left', 'right'] as const satisfies readonly (keyof Margins)[];

export const pageTasks: readonly Template[] = [
  pageTask('page-orientation', {
    menu: 'Orientation menu',
    values: ['Portrait', 'Landscape'],
    apply: (value) => ({ orientation: value === 'Portrait' ? 'Portrait' : 'Landscape' }),
    word: lower,
    train: [
      'change the page orientation to <value>',
      'set the orientation to <value>',
      'make the page <value>',
      'switch the document to <value>',
      'use <value> orientation',
      'turn the pages to <value>',
      'flip the document to <value>',
      'put the pages in <value> orientation',
      'lay out the page in <value> format',
      '!the page should be <value>',
    ],
    test: [
      'put the document in <value> format',
      'flip the page to <value>',
      '!I want the pages in <value>',
      'lay the page out in <value>',
    ],
  }),
  pageTask('page-margins', {
    menu: 'Margins menu',
    values: Object.keys(MARGINS),
    apply: (value) => ({ margins: { ...(MARGINS[value] as Margins) } }),
    word: lower,
    train: [
      'set the margins to <value>',
      'use <value> margins',
      'change the page margins to <value>',
      'apply <value> margins',
      'make the margins <value>',
      'give the document <value> margins',
      'switch the margins to <value>',
      '!the document should have <value> margins',
    ],
    test: ['give the page <value> margins', 'switch to <value> margins', '!I want <value> margins'],
  }),
  pageTask('paper-size', {
    menu: 'Size menu',
    values: PAPER_SIZES,
    apply: (size) => ({ size }),
    train: [
      'set the paper size to <value>',
      'change the page size to <value>',
      'use <value> paper',
      'make the page size <value>',
      'switch the paper to <value>',
      'choose the paper size <value>',
      'lay the pages out for <value> paper',
      '!the document should be on <value> paper',
    ],
    test: [
      'choose <value> as the paper size',
      'lay the document out for <value> paper',
      '!I want the page size <value>',
    ],
  }),
  pageTask('page-columns', {
    menu: 'Columns menu',
    values: COLUMNS.slice(0, 3),
    apply: (columns) => ({ columns }),
    word: (value) => (value === 'One' ? 'one column' : `${lower(value)} columns`),
    train: [
      'split the text into <value>',
      'set the layout to <value>',
      'use <value>',
      'arrange the text in <value>',
      'divide the text into <value>',
      'lay out the page in <value>',
      'format the document with <value>',
      '!the page should have <value>',
    ],
    test: ['lay the text out in <value>', 'divide the page into <value>', '!I want <value> on the page'],
  }),
  pageTask('watermark', {
    menu: 'Watermark menu',
    values: WATERMARKS,
    apply: (watermark) => ({ watermark }),
    train: [
      'add the watermark <value>',
      'insert a <value> watermark',
      'put the <value> watermark on all pages',
      'apply the watermark <value>',
      'use the <value> watermark',
      'show the <value> watermark',
      'give the document the watermark <value>',
      'set the watermark to <value>',
    ],
    test: [
      'give the pages a <value> watermark',
      'show the watermark <value> behind the text',
      '!I want the <value> watermark',
    ],
  }),
  {
    name: 'custom-watermark',
    train: [
      'add a custom watermark {text}',
      'create a watermark that says {text}',
      'put {text} as a custom watermark on the pages',
      'use a custom text watermark {text}',
      'make a custom watermark {text}',
      'set the custom watermark text to {text}',
      'insert a custom watermark with the text {text}',
    ],
    test: [
      'make a custom watermark reading {text}',
      '!I want a custom watermark that says {text}',
      'set a custom text watermark {text}',
    ],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        goals: [
          turnOn('Watermark dialog/Text watermark'),
          fill('Watermark dialog/Text:', text),
          press('Watermark dialog/OK'),
        ],
        expect: (d) => {
          d.page.watermark = text;
        },
      };
    },
  },
  {
    name: 'remove-watermark',
    train: [
      'remove the watermark',
      'delete the watermark',
      'take the watermark off the pages',
      'clear the watermark',
      'drop the watermark from the pages',
      'get the watermark off the document',
      'remove the watermark from the document',
    ],
    test: ['get rid of the watermark', '!I do not want a watermark any more', 'drop the watermark'],
    create: (draw) => {
      const watermark = draw.pick(WATERMARKS);
      return {
        slots: {},
        goals: [press('Watermark menu/Remove Watermark')],
        start: ({ document }) => {
          document.page.watermark = watermark;
        },
        expect: (d) => {
          d.page.watermark = '';
        },
      };
    },
  },
  pageTask('page-color', {
    menu: 'Page Color menu',
    values: STANDARD_COLORS,
    apply: (color) => ({ color }),
    word: lower,
    train: [
      'set the page color to <value>',
      'change the page background to <value>',
      'make the page <value>',
      'use <value> as the page color',
      'color the page <value>',
      'give the page a <value> color',
      'paint the page background <value>',
      '!the page should have a <value> background',
    ],
    test: ['give the pages a <value> background', 'paint the page <value>', '!I want a <value> page color'],
  }),
  {
    name: 'page-border',
    train: [
      'add a <border> border to the page',
      'put a <border> page border around the page',
      'set the page border to <border>',
      'apply a <border> border around the pages',
      'draw a <border> page border',
      'give the pages a <border> border',
      'use a <border> page border',
      '!the page needs a <border> border',
    ],
    test: [
      'give the page a <border> border',
      'draw a <border> border around each page',
      '!I want a <border> page border',
    ],
    create: (draw) => {
      const border = draw.pick(PAGE_BORDERS.filter((name) => name !== 'None' && name !== 'Custom'));
      return {
        slots: { border: border.toLowerCase() },
        goals: [turnOn(`Page Border dialog/${border}`), press('Page Border dialog/OK')],
        expect: (d) => {
          d.page.border = border;
        },
      };
    },
  },
  {
    name: 'custom-margin',
    train: [
      'set the <side> margin to <inches> inches',
      'change the <side> page margin to <inches> inches',
      'make the <side> margin <inches> inches',
      'use a <side> margin of <inches> inches',
      'put a <side> margin of <inches> inches on the page',
      'give the pages a <side> margin of <inches> inches',
      '!the <side> margin should be <inches> inches',
    ],
    test: [
      'give the page a <side> margin of <inches> inches',
      'put the <side> margin at <inches> inches',
      '!I want a <side> margin of <inches> inches',
    ],
    create: (draw) => {
      const side = draw.pick(SIDES);
      const inches = draw.number('tenths of an inch', { min: 2, max: 49, except: 10 }) / 10;
      const label = `${side.charAt(0).toUpperCase()}${side.slice(1)}:`;
      return {
        slots: { side, inches },
        goals: [fill(`Page Setup dialog/${label}`, String(inches)), press('Page Setup dialog/OK')],
        expect: (d) => {
          d.page.margins[side] = inches;
        },
      };
    },
  },
  pageTask('line-numbers', {
    menu: 'Line Numbers menu',
    values: LINE_NUMBERS.filter((value) => value !== 'None'),
    apply: (lineNumbers) => ({ lineNumbers }),
    word: lower,
    train: [
      'set line numbers to <value>',
      'turn on line numbers, <value>',
      'use line numbering <value>',
      'show <value> line numbers',
      'choose <value> line numbering',
      'number the lines: <value>',
      'add <value> line numbers',
    ],
    test: [
      'show line numbers with the option <value>',
      'choose <value> for the line numbers',
      '!I want line numbers, <value>',
    ],
  }),
  pageTask('hyphenation', {
    menu: 'Hyphenation menu',
    values: HYPHENATION,
    apply: (hyphenation) => ({ hyphenation }),
    word: lower,
    train: [
      'set hyphenation to <value>',
      'use <value> hyphenation',
      'change the hyphenation to <value>',
      'switch hyphenation to <value>',
      'put hyphenation to <value>',
      'choose <value> hyphenation',
      '!hyphenation should be <value>',
    ],
    test: ['put the hyphenation on <value>', 'choose <value> for hyphenation', '!I want hyphenation set to <value>'],
  }),
];
