/** Tasks about page set-up: orientation, margins, paper, columns, breaks. */
import type { Margins } from '../document.ts';
import { fill, press, turnOn } from '../goals.ts';
import { COLUMNS, HYPHENATION, LINE_NUMBERS, MARGINS, PAPER_SIZES, SECTION_BREAKS } from '../ui/page.ts';
import { NOTHING_SELECTED, templatesOf } from './build.ts';
import { lower, measureTask, pageTask } from './page-task.ts';
import type { Template } from './task.ts';

const template = templatesOf('page');

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
  template('custom-margin', NOTHING_SELECTED, {
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
        edit: (d) => {
          d.page.margins[side] = inches;
        },
      };
    },
  }),
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
  measureTask('paper-width', 'paper width', { key: 'width', place: 'Paper dialog/Width:' }),
  measureTask('paper-height', 'paper height', { key: 'height', place: 'Paper dialog/Height:', heldOut: true }),
  measureTask('header-distance', 'distance of the header from the edge', {
    key: 'headerDistance',
    place: 'Page Layout dialog/From edge Header:',
  }),
  measureTask('footer-distance', 'distance of the footer from the edge', {
    key: 'footerDistance',
    place: 'Page Layout dialog/From edge Footer:',
    heldOut: true,
  }),
  measureTask('gutter', 'gutter', { key: 'gutter', place: 'Page Setup dialog/Gutter:', heldOut: true }),
  template('section-break', NOTHING_SELECTED, {
    train: [
      '@add a <break> section break',
      '@add a section break of (type|the type) <break>',
      'break the section with <break>',
      'start a new section with a <break> break',
      '!the document needs a <break> section break',
    ],
    test: ['create a <break> section break', '!I want a section break, <break>', 'begin a new section, <break>'],
    create: (draw) => {
      const name = draw.pick(SECTION_BREAKS.filter((other) => other !== 'Column'));
      return {
        slots: { break: lower(name) },
        goals: [press(`Breaks menu/${name}`)],
        edit: (d) => {
          d.page.sectionBreaks.push(name);
        },
      };
    },
  }),
  template('column-break', NOTHING_SELECTED, {
    heldOut: true,
    train: ['insert a column break', 'add a column break', 'put in a column break', 'break the column'],
    test: ['!I need a column break', 'place a column break', 'create a column break here'],
    create: () => ({
      goals: [press('Breaks menu/Column')],
      edit: (d) => {
        d.page.sectionBreaks.push('Column');
      },
    }),
  }),
  storyBoxTask('different-first-page', 'Different First Page', {
    key: 'differentFirstPage',
    words: 'a different first page',
  }),
  storyBoxTask('different-odd-even', 'Different Odd & Even Pages', {
    key: 'differentOddEven',
    words: 'different odd and even pages',
    heldOut: true,
  }),
];

/** A check box that is shown while the header is being edited. */
function storyBoxTask(
  name: string,
  box: string,
  spec: { readonly key: 'differentFirstPage' | 'differentOddEven'; readonly words: string; readonly heldOut?: boolean },
): Template {
  const { key, words, heldOut = false } = spec;
  return template(name, NOTHING_SELECTED, {
    heldOut,
    train: [
      `@apply ${words} for the header`,
      `turn on ${words} in the header`,
      `let the header have ${words}`,
      `edit the header so that it has ${words}`,
      `!the header should have ${words}`,
    ],
    test: [`set up the header with ${words}`, `!I want ${words} in the header`, `give the header ${words}`],
    create: () => ({
      goals: [turnOn(`Header editor/${box}`), press('Header editor/Close Header and Footer')],
      edit: (d) => {
        d.page[key] = true;
      },
    }),
  });
}
