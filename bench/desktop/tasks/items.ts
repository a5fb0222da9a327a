/** Tasks that insert an object: shapes, charts, equations, symbols, pictures, dates. */
import { formatParagraphs } from '../editing.ts';
import { press, turnOn } from '../goals.ts';
import {
  CHARTS,
  DATE_FORMATS,
  DROP_CAPS,
  EQUATIONS,
  ICONS,
  SHAPES,
  SMART_ART,
  SYMBOLS,
  TEXT_BOXES,
  WORD_ART,
} from '../ui/insert-items.ts';
import { A_TEXT, fillAndPress, NOTHING_SELECTED, templatesOf } from './build.ts';
import type { Template, Wordings } from './task.ts';

const template = templatesOf('insertion');

type ItemTask = {
  readonly kind: string;
  readonly items: readonly string[];
  /** The menu or the dialog that offers them; a dialog is closed with OK. */
  readonly place: string;
  /** How an item is written in the request. */
  readonly word?: (item: string) => string;
  readonly wordings?: Wordings;
  readonly heldOut?: boolean;
};

const lower = (item: string): string => item.toLowerCase();

/** "Insert a rectangle shape": the kind is always said, because items of different kinds share names. */
const itemTask = (
  name: string,
  { kind, items, place, word = (item) => item, wordings, heldOut = false }: ItemTask,
): Template =>
  template(name, NOTHING_SELECTED, {
    heldOut,
    train: wordings?.train ?? [
      `@add (<an>|the) <item> ${kind}`,
      `@add (a|the) ${kind} <item>`,
      `@add the ${kind} <item> (here|in @document)`,
      `create (<an>|the) <item> ${kind}`,
      `!the document needs <an> <item> ${kind}`,
    ],
    test: wordings?.test ?? [
      `give me <an> <item> ${kind}`,
      `!I need the ${kind} <item> in here`,
      `put the <item> ${kind} into the document`,
    ],
    create: (draw) => {
      const item = draw.pick(items);
      const isDialog = place.endsWith('dialog');
      return {
        slots: { item: word(item), an: /^[aeiou]/i.test(item) ? 'an' : 'a' },
        goals: isDialog ? [turnOn(`${place}/${item}`), press(`${place}/OK`)] : [press(`${place}/${item}`)],
        edit: (d) => {
          d.items.push({ kind, name: item });
        },
      };
    },
  });

export const itemTasks: readonly Template[] = [
  itemTask('insert-shape', { kind: 'shape', items: SHAPES, place: 'Shapes menu', word: lower }),
  itemTask('insert-text-box', { kind: 'text box', items: TEXT_BOXES, place: 'Text Box menu' }),
  itemTask('insert-equation', { kind: 'equation', items: EQUATIONS, place: 'Equation menu', word: lower }),
  itemTask('insert-symbol', { kind: 'symbol', items: SYMBOLS, place: 'Symbol menu', word: lower }),
  itemTask('insert-chart', { kind: 'chart', items: CHARTS, place: 'Chart dialog', word: lower }),
  itemTask('insert-icon', { kind: 'icon', items: ICONS, place: 'Icons dialog', word: lower }),
  itemTask('insert-word-art', { kind: 'WordArt', items: WORD_ART, place: 'WordArt menu', heldOut: true }),
  itemTask('insert-smart-art', { kind: 'SmartArt', items: SMART_ART, place: 'SmartArt dialog', heldOut: true }),
  itemTask('insert-date', {
    kind: 'date',
    items: DATE_FORMATS,
    place: 'Date and Time dialog',
    wordings: {
      train: [
        '@add the date (as|in the format|written as) {=item}',
        '@add the date {=item}',
        '@add the current date in the format {=item}',
        'use the date format {=item} and insert the date',
        '!the date should be inserted as {=item}',
      ],
      test: ["put today's date in as {=item}", '!I need the date in the form {=item}', 'write the date as {=item}'],
    },
  }),
  template('insert-picture', NOTHING_SELECTED, {
    train: [
      '@add the picture {=path}',
      '@add the (picture|image) in {=path}',
      '@add a picture from the file {=path}',
      'load the picture {=path} into @document',
      '!the picture {=path} should be inserted',
    ],
    test: [
      'bring the image {=path} into the document',
      '!I need the image {=path} here',
      'put the image from {=path} in',
    ],
    create: (draw) => {
      const path = draw.path('.png', '.jpg', '.gif');
      return {
        slots: { path },
        goals: fillAndPress('Insert Picture dialog', { 'File name:': path }, 'Insert'),
        edit: (d) => {
          d.items.push({ kind: 'picture', name: path });
        },
      };
    },
  }),
  template('drop-cap', A_TEXT, {
    train: [
      '@add a drop cap, <kind>, (to|at|for) {text}',
      '@apply a drop cap, <kind>, (to|for) @paragraph {text}',
      'start @paragraph {text} with a drop cap, <kind>',
      'give {text} a drop cap, <kind>',
      '!{text} should begin with a drop cap, <kind>',
    ],
    test: [
      'let {text} begin with a drop cap, <kind>',
      '!I want a drop cap, <kind>, on {text}',
      'put a drop cap, <kind>, in front of {text}',
    ],
    create: (draw) => {
      const dropCap = draw.pick(DROP_CAPS);
      return {
        slots: { kind: lower(dropCap) },
        goals: [press(`Drop Cap menu/${dropCap}`)],
        edit: (d) => formatParagraphs(d, { dropCap }),
      };
    },
  }),
];
