/** Tasks about fonts: colour, highlight, name, size, case, effects. */
import type { CharFormat } from '../document.ts';
import { formatText, mapSelectedText } from '../editing.ts';
import { onDocument, press, selectText, turnOn } from '../goals.ts';
import { HIGHLIGHT_COLORS, STANDARD_COLORS } from '../ui/colors.ts';
import { changeCase } from '../ui/home.ts';
import type { Template } from './task.ts';
import { withText } from './with-text.ts';

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

export const fontTasks: readonly Template[] = [
  {
    name: 'highlight-text',
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
      const text = draw.text();
      const color = draw.pick(HIGHLIGHT_COLORS);
      return {
        slots: { text, color: color.toLowerCase() },
        plants: [text],
        goals: [selectText(text), press(`Highlight menu/${color}`)],
        expect: (d) => withText(d, text, () => formatText(d, { highlight: color })),
      };
    },
  },
  {
    name: 'font-color',
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
    create: (draw) => {
      const text = draw.text();
      const color = draw.pick(STANDARD_COLORS);
      return {
        slots: { text, color: color.toLowerCase() },
        plants: [text],
        goals: [selectText(text), press(`Font Color menu/${color}`)],
        expect: (d) => withText(d, text, () => formatText(d, { color })),
      };
    },
  },
  {
    name: 'font-size',
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
      const text = draw.text();
      const size = draw.number('size', SIZES_IN_POINTS);
      return {
        slots: { text, size },
        plants: [text],
        goals: [selectText(text), onDocument('set_font', { font_size: size })],
        expect: (d) => withText(d, text, () => formatText(d, { size })),
      };
    },
  },
  {
    name: 'font-name',
    train: [
      'set the font of {text} to <font>',
      'change the font of {text} to <font>',
      'use <font> for {text}',
      'change {text} to <font>',
      'apply the font <font> to {text}',
      'give {text} the font <font>',
      'switch the font of {text} to <font>',
      'show {text} with the typeface <font>',
      '!{text} should be in <font>',
      'put {text} in the <font> font',
    ],
    test: ['switch {text} to the typeface <font>', 'write {text} with the font <font>', '!I want {text} in <font>'],
    create: (draw) => {
      const text = draw.text();
      const font = draw.pick(FONTS);
      return {
        slots: { text, font },
        plants: [text],
        goals: [selectText(text), onDocument('set_font', { font_name: font })],
        expect: (d) => withText(d, text, () => formatText(d, { font })),
      };
    },
  },
  {
    name: 'font-name-and-size',
    train: [
      'set {text} in <font>, size <size>',
      'change {text} to <font> <size> pt',
      'use <font> at size <size> for {text}',
      'write {text} in <font> with <size> points',
      'switch {text} to <font> at <size> pt',
      'make {text} <font> with size <size>',
      '!{text} should be in <font>, <size> points',
    ],
    test: [
      'switch {text} to <font> in size <size>',
      'write {text} in <size> point <font>',
      '!I want {text} in <font> at <size> points',
    ],
    create: (draw) => {
      const text = draw.text();
      const font = draw.pick(FONTS);
      const size = draw.number('size', SIZES_IN_POINTS);
      return {
        slots: { text, font, size },
        plants: [text],
        goals: [selectText(text), onDocument('set_font', { font_name: font, font_size: size })],
        expect: (d) => withText(d, text, () => formatText(d, { font, size })),
      };
    },
  },
  {
    name: 'clear-formatting',
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
      const text = draw.text();
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
        slots: { text },
        plants: [text],
        goals: [selectText(text), press('Home/Clear All Formatting')],
        start: ({ document }) => withText(document, text, () => formatText(document, before)),
        expect: (d) => withText(d, text, () => formatText(d, plain)),
      };
    },
  },
  {
    name: 'change-case',
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
    create: (draw) => {
      const text = draw.text();
      const chosen = draw.pick(CASES.filter(({ name }) => changeCase(name, text) !== text));
      return {
        slots: { text, case: chosen.word },
        plants: [text],
        goals: [selectText(text), press(`Change Case menu/${chosen.name}`)],
        expect: (d) => withText(d, text, () => mapSelectedText(d, (t) => changeCase(chosen.name, t))),
      };
    },
  },
  {
    name: 'font-effect',
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
      const text = draw.text();
      const effect = draw.pick(EFFECTS);
      return {
        slots: { text, effect: effect.word },
        plants: [text],
        goals: [selectText(text), turnOn(`Font dialog/${effect.name}`), press('Font dialog/OK')],
        expect: (d) => withText(d, text, () => formatText(d, effect.format)),
      };
    },
  },
];
