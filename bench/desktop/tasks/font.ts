/** Tasks about fonts: colour, highlight, name, size, case, effects. */
import type { CharFormat, WordDocument } from '../document.ts';
import { formatAtSelection, formatText, mapSelectedText } from '../editing.ts';
import { onDocument, press, turnOn } from '../goals.ts';
import { HIGHLIGHT_COLORS, STANDARD_COLORS } from '../ui/colors.ts';
import { changeCase, nextSize } from '../ui/formatting.ts';
import { TEXT_EFFECTS } from '../ui/home-menus.ts';
import { A_PARAGRAPH, A_TEXT, templatesOf } from './build.ts';
import type { Draw } from './draw.ts';
import type { Template } from './task.ts';

const template = templatesOf('font');

const SIZES_IN_POINTS = { min: 6, max: 72, except: 11 };
const FONTS = [
  ...['Arial', 'Calibri', 'Cambria', 'Candara', 'Consolas', 'Constantia', 'Corbel', 'Courier New', 'Garamond'],
  ...['Georgia', 'Impact', 'Segoe UI', 'Tahoma', 'Times New Roman', 'Trebuchet MS', 'Verdana', 'Comic Sans MS'],
];
const CASES = [
  { name: 'UPPERCASE', word: 'upper case' },
  { name: 'lowercase', word: 'lower case' },
  { name: 'Capitalize Each Word', word: 'capitalized words' },
  { name: 'Sentence case.', word: 'sentence case' },
] as const;
const EFFECTS = [
  { name: 'Small caps', word: 'small caps', format: { smallCaps: true } },
  { name: 'All caps', word: 'all caps', format: { allCaps: true } },
  { name: 'Double strikethrough', word: 'double strikethrough', format: { doubleStrikethrough: true } },
  { name: 'Hidden', word: 'hidden', format: { hidden: true } },
] as const;

const BIGGER = 1;
const SMALLER = -1;

/** One step along Word's list of sizes. */
const resizeTask = (
  name: string,
  direction: typeof BIGGER | typeof SMALLER,
  spec: Pick<Template, 'train' | 'test' | 'heldOut'>,
): Template => {
  const button = direction === BIGGER ? 'Increase Font Size' : 'Decrease Font Size';
  return template(name, A_TEXT, {
    ...spec,
    create: () => ({
      goals: [press(`Mini Toolbar/${button}`, `Home/${button}`)],
      edit: (d) => formatText(d, { size: nextSize(formatAtSelection(d).size, direction) }),
    }),
  });
};

/** To whatever text is selected. */
function applyColor(draw: Draw) {
  const color = draw.pick(STANDARD_COLORS);
  return {
    slots: { color: color.toLowerCase() },
    goals: [press(`Font Color menu/${color}`)],
    edit: (d: WordDocument) => formatText(d, { color }),
  };
}

export const fontTasks: readonly Template[] = [
  template('highlight-text', A_TEXT, {
    train: [
      'highlight {text} in <color>',
      'mark {text} with a <color> highlight',
      'apply <color> highlighting to {text}',
      'use <color> to highlight {text}',
      'highlight {text} with <color>',
      'set the highlight of {text} to <color>',
      'put a <color> highlight on {text}',
      'mark {text} in <color> with the highlighter',
      'give {text} <color> highlighting',
      '!{text} should be highlighted in <color>',
    ],
    test: [
      'give {text} a <color> highlight',
      'add <color> highlighting behind {text}',
      '!I want {text} highlighted in <color>',
      'put a <color> marker on {text}',
    ],
    create: (draw) => {
      const color = draw.pick(HIGHLIGHT_COLORS);
      return {
        slots: { color: color.toLowerCase() },
        goals: [press(`Highlight menu/${color}`)],
        edit: (d) => formatText(d, { highlight: color }),
      };
    },
  }),
  template('font-color', A_TEXT, {
    train: [
      'change the font color of {text} to <color>',
      'make {text} <color>',
      'color {text} <color>',
      'set the text color of {text} to <color>',
      'use <color> letters for {text}',
      'give {text} <color> letters',
      'show {text} with a <color> font',
      'put {text} in <color> type',
      'turn {text} <color>',
      '!{text} should be <color>',
      'change {text} to the color <color>',
    ],
    test: [
      'write {text} in <color>',
      'give {text} a <color> font color',
      '!I want {text} in <color> letters',
      'recolor {text} to <color>',
    ],
    create: applyColor,
  }),
  template('font-size', A_TEXT, {
    train: [
      'set the font size of {text} to <size>',
      'make {text} size <size>',
      'change {text} to <size> points',
      'change the size of {text} to <size>',
      'use font size <size> for {text}',
      'give {text} size <size>',
      'write {text} at <size> points',
      '!{text} should be <size> pt',
      'resize {text} to <size> pt',
    ],
    test: ['put {text} in <size> point type', 'give {text} a font size of <size>', '!I want {text} at size <size>'],
    create: (draw) => {
      const size = draw.number('size', SIZES_IN_POINTS);
      return {
        slots: { size },
        goals: [onDocument('set_font', { font_size: size })],
        edit: (d) => formatText(d, { size }),
      };
    },
  }),
  template('font-name', A_TEXT, {
    train: [
      'set the font of {text} to {=font}',
      'change the font of {text} to {=font}',
      'use {=font} for {text}',
      'change {text} to {=font}',
      'apply the font {=font} to {text}',
      'give {text} the font {=font}',
      'switch the font of {text} to {=font}',
      'show {text} with the typeface {=font}',
      '!{text} should be in {=font}',
      'put {text} in the {=font} font',
    ],
    test: ['switch {text} to the typeface {=font}', 'write {text} with the font {=font}', '!I want {text} in {=font}'],
    create: (draw) => {
      const font = draw.pick(FONTS);
      return {
        slots: { font },
        goals: [onDocument('set_font', { font_name: font })],
        edit: (d) => formatText(d, { font }),
      };
    },
  }),
  template('font-name-and-size', A_TEXT, {
    train: [
      'set {text} in {=font}, size <size>',
      'change {text} to {=font} <size> pt',
      'use {=font} at size <size> for {text}',
      'write {text} in {=font} with <size> points',
      'switch {text} to {=font} at <size> pt',
      'make {text} {=font} with size <size>',
      '!{text} should be in {=font}, <size> points',
    ],
    test: [
      'switch {text} to {=font} in size <size>',
      'write {text} in <size> point {=font}',
      '!I want {text} in {=font} at <size> points',
    ],
    create: (draw) => {
      const font = draw.pick(FONTS);
      const size = draw.number('size', SIZES_IN_POINTS);
      return {
        slots: { font, size },
        goals: [onDocument('set_font', { font_name: font, font_size: size })],
        edit: (d) => formatText(d, { font, size }),
      };
    },
  }),
  template('clear-formatting', A_TEXT, {
    train: [
      'clear all formatting of {text}',
      'remove the formatting from {text}',
      'reset the formatting of {text}',
      'strip all formatting from {text}',
      'take the formatting off {text}',
      'get {text} back to no formatting',
      'make {text} plain again',
    ],
    test: [
      'take all formatting off {text}',
      '!I want {text} without any formatting',
      'delete the formatting of {text}',
    ],
    create: (draw) => {
      const before = draw.pick([
        { bold: true, color: 'Red' },
        { italic: true, size: 20 },
        { underline: true, font: 'Arial' },
      ]);
      const plain: Partial<CharFormat> = {
        bold: false,
        italic: false,
        underline: false,
        color: 'Automatic',
        size: 11,
        font: 'Aptos',
      };
      return {
        slots: {},
        goals: [press('Home/Clear All Formatting')],
        before: (document) => formatText(document, before),
        edit: (d) => formatText(d, plain),
      };
    },
  }),
  template('change-case', A_TEXT, {
    train: [
      'change {text} to <case>',
      'convert {text} to <case>',
      'set the case of {text} to <case>',
      'put {text} in <case>',
      'write {text} in <case>',
      'give {text} <case>',
      'turn {text} into <case>',
      '!{text} should be in <case>',
    ],
    test: ['rewrite {text} in <case>', 'use <case> for {text}', '!I want {text} in <case>'],
    create: (draw, text) => {
      const chosen = draw.pick(CASES.filter(({ name }) => changeCase(name, text) !== text));
      return {
        slots: { case: chosen.word },
        goals: [press(`Change Case menu/${chosen.name}`)],
        edit: (d) => mapSelectedText(d, (t) => changeCase(chosen.name, t)),
      };
    },
  }),
  template('font-effect', A_TEXT, {
    train: [
      'set {text} in <effect>',
      'apply <effect> to {text}',
      'make {text} <effect>',
      'format {text} as <effect>',
      'use the <effect> effect on {text}',
      'turn {text} into <effect> with the font dialog',
      'give {text} <effect> formatting',
      '!{text} should be <effect>',
    ],
    test: ['give {text} the <effect> effect', 'show {text} as <effect>', '!I want {text} to be <effect>'],
    create: (draw) => {
      const effect = draw.pick(EFFECTS);
      return {
        slots: { effect: effect.word },
        goals: [turnOn(`Font dialog/${effect.name}`), press('Font dialog/OK')],
        edit: (d) => formatText(d, effect.format),
      };
    },
  }),
  template('color-paragraph', A_PARAGRAPH, {
    heldOut: true,
    train: [
      'make paragraph <number> <color>',
      'color paragraph <number> <color>',
      'set the font color of paragraph <number> to <color>',
      'use <color> letters for paragraph <number>',
    ],
    test: [
      'write paragraph <number> in <color>',
      '!paragraph <number> should be <color>',
      'turn paragraph <number> <color>',
    ],
    create: applyColor,
  }),
  template('remove-highlight', A_TEXT, {
    train: [
      '@remove the highlight (from|on|of) {text}',
      '@remove the highlighting (from|on|of) {text}',
      'take the highlight off {text}',
      'stop highlighting {text}',
      '!{text} should not be highlighted any more',
    ],
    test: ['get {text} back to no highlight', '!I do not want {text} highlighted', '@remove the marker from {text}'],
    create: (draw) => {
      const highlight = draw.pick(HIGHLIGHT_COLORS);
      return {
        goals: [press('Highlight menu/No Color')],
        before: (d) => formatText(d, { highlight }),
        edit: (d) => formatText(d, { highlight: 'No Color' }),
      };
    },
  }),
  template('text-effect', A_TEXT, {
    train: [
      '@apply the text effect <effect> (to|on|for) {text}',
      '@add (a|the) <effect> text effect (to|on) {text}',
      'give {text} the text effect <effect>',
      'set the text effect of {text} to <effect>',
      '!{text} should have the <effect> text effect',
    ],
    test: [
      'put the text effect <effect> on {text}',
      '!I want the text effect <effect> on {text}',
      '@apply the <effect> effect of the text effects to {text}',
    ],
    create: (draw) => {
      const effect = draw.pick(TEXT_EFFECTS);
      return {
        slots: { effect: effect.toLowerCase() },
        goals: [press(`Text Effects menu/${effect}`)],
        edit: (d) => formatText(d, { effect }),
      };
    },
  }),
  resizeTask('increase-size', BIGGER, {
    train: [
      'make {text} (bigger|larger)',
      'make {text} one size (bigger|larger)',
      'increase the (font size|size) of {text}',
      'grow the font of {text}',
      'enlarge {text}',
      '!{text} should be a bit (bigger|larger)',
    ],
    test: ['bring {text} one size up', '!I want {text} bigger', 'increase the font size for {text}'],
  }),
  resizeTask('decrease-size', SMALLER, {
    heldOut: true,
    train: ['make {text} smaller', 'decrease the font size of {text}', 'shrink {text}', 'make {text} one size smaller'],
    test: ['decrease the size of {text}', '!I want {text} smaller', '!{text} should be a bit smaller'],
  }),
];
