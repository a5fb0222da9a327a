/** Tasks about the look of all pages: watermark, colour, border, theme. */
import { fill, press, turnOn } from '../goals.ts';
import { STANDARD_COLORS } from '../ui/colors.ts';
import { PAGE_BORDERS, PARAGRAPH_SPACINGS, THEMES, WATERMARKS } from '../ui/page.ts';
import { NOTHING_SELECTED, templatesOf } from './build.ts';
import { lower, pageTask } from './page-task.ts';
import type { Template } from './task.ts';

const template = templatesOf('page');

export const designTasks: readonly Template[] = [
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
  template('custom-watermark', NOTHING_SELECTED, {
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
        edit: (d) => {
          d.page.watermark = text;
        },
      };
    },
  }),
  template('remove-watermark', NOTHING_SELECTED, {
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
        before: (document) => {
          document.page.watermark = watermark;
        },
        edit: (d) => {
          d.page.watermark = '';
        },
      };
    },
  }),
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
  template('page-border', NOTHING_SELECTED, {
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
        edit: (d) => {
          d.page.border = border;
        },
      };
    },
  }),
  template('remove-page-color', NOTHING_SELECTED, {
    train: [
      '@remove the page color',
      '@remove the (background|background color) of the (page|pages)',
      'set the page color to no color',
      'take the color off the pages',
      '!the pages should have no color',
    ],
    test: [
      'bring the page background back to no color',
      '!I do not want a page color any more',
      '@remove the color of the page',
    ],
    create: (draw) => {
      const color = draw.pick(STANDARD_COLORS);
      return {
        goals: [press('Page Color menu/No Color')],
        before: (d) => {
          d.page.color = color;
        },
        edit: (d) => {
          d.page.color = 'No Color';
        },
      };
    },
  }),
  pageTask('theme', {
    menu: 'Themes menu',
    values: THEMES,
    apply: (theme) => ({ theme }),
    train: [
      '@apply the <value> theme',
      '@set the theme (of the document|) to <value>',
      'give @document the theme <value>',
      'use <value> as the theme',
      '!the document should have the <value> theme',
    ],
    test: [
      'put the document in the theme <value>',
      '!I want the theme <value>',
      'let the document have the <value> theme',
    ],
  }),
  pageTask('paragraph-spacing', {
    menu: 'Document Spacing menu',
    values: PARAGRAPH_SPACINGS,
    apply: (paragraphSpacing) => ({ paragraphSpacing }),
    word: lower,
    train: [
      '@set the paragraph spacing of (the design|the document) to <value>',
      '@apply <value> paragraph spacing (in|to) the whole document',
      '@apply the document spacing <value>',
      'use <value> as the document spacing',
      '!the document spacing should be <value>',
    ],
    test: [
      'put the document spacing on <value>',
      '!I want the document spacing <value>',
      'space the whole document <value>',
    ],
  }),
];
