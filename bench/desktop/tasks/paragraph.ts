/** Tasks about paragraphs and tables: alignment, lists, spacing, styles, shading, borders. */
import type { ParagraphFormat } from '../document.ts';
import { formatParagraphs } from '../editing.ts';
import { fill, onDocument, press, selectParagraphs, selectTable, selectText, turnOn } from '../goals.ts';
import { STANDARD_COLORS } from '../ui/colors.ts';
import { BORDERS, LINE_SPACINGS } from '../ui/home.ts';
import type { Template } from './task.ts';
import { withText } from './with-text.ts';

const ALIGNMENTS = [
  { word: 'center', control: 'Home/Center', alignment: 'center' },
  { word: 'left', control: 'Home/Align Left', alignment: 'left' },
  { word: 'right', control: 'Home/Align Right', alignment: 'right' },
] as const;
const STYLE_NAMES = [
  'Heading 1',
  'Heading 2',
  'Heading 3',
  'Title',
  'Subtitle',
  'Quote',
  'Intense Quote',
  'Strong',
  'Emphasis',
  'No Spacing',
  'List Paragraph',
];
const MOST_PARAGRAPHS = 4;

const setParagraphOf = (
  text: string,
  format: Partial<ParagraphFormat>,
): Pick<ReturnType<Template['create']>, 'expect'> => ({
  expect: (d) => withText(d, text, () => formatParagraphs(d, format)),
});

const listTask = (
  name: string,
  list: 'bullets' | 'numbering',
  wordings: Pick<Template, 'train' | 'test'>,
): Template => ({
  name,
  ...wordings,
  mayBeDone: true,
  create: (draw) => {
    const text = draw.text();
    const control = list === 'bullets' ? 'Home/Bullets' : 'Home/Numbering';
    return {
      slots: { text },
      plants: [text],
      goals: [selectText(text), turnOn(control)],
      ...setParagraphOf(text, { list }),
    };
  },
});

const spacingTask = (name: string, side: 'Before' | 'After'): Template => ({
  name,
  train: [
    `set the spacing ${side.toLowerCase()} {text} to <points> pt`,
    `add <points> pt of space ${side.toLowerCase()} the paragraph with {text}`,
    `set the space ${side.toLowerCase()} the paragraph containing {text} to <points> points`,
    `!the paragraph with {text} needs <points> pt of spacing ${side.toLowerCase()} it`,
    `use <points> points of spacing ${side.toLowerCase()} {text}`,
    `change the space ${side.toLowerCase()} the paragraph with {text} to <points> pt`,
    `give {text} <points> points of spacing ${side.toLowerCase()}`,
  ],
  test: [
    `put <points> pt of spacing ${side.toLowerCase()} the paragraph with {text}`,
    `change the spacing ${side.toLowerCase()} {text} to <points> points`,
    `!I want <points> pt of space ${side.toLowerCase()} {text}`,
  ],
  create: (draw) => {
    const text = draw.text();
    const points = draw.number('points', { min: 2, max: 60, except: 8 });
    const format = side === 'Before' ? { spaceBefore: points } : { spaceAfter: points };
    return {
      slots: { text, points },
      plants: [text],
      goals: [selectText(text), fill(`Layout/Spacing ${side}`, String(points))],
      ...setParagraphOf(text, format),
    };
  },
});

export const paragraphTasks: readonly Template[] = [
  {
    name: 'align-text',
    train: [
      'align {text} to the <side>',
      '<side>-align {text}',
      'set the alignment of {text} to <side>',
      'align the paragraph with {text} <side>',
      'give {text} <side> alignment',
      'change the alignment of {text} to <side>',
      'put {text} on the <side> of the line',
      '!{text} should be <side> aligned',
      'make {text} <side> aligned',
    ],
    test: [
      'give {text} an alignment to the <side>',
      'change the paragraph with {text} to <side> alignment',
      '!I want {text} aligned to the <side>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const text = draw.text();
      const { word, control, alignment } = draw.pick(ALIGNMENTS);
      return {
        slots: { text, side: word },
        plants: [text],
        goals: [selectText(text), turnOn(control)],
        start: ({ document }) => withText(document, text, () => formatParagraphs(document, { alignment: 'justify' })),
        ...setParagraphOf(text, { alignment }),
      };
    },
  },
  {
    name: 'justify-text',
    train: [
      'justify {text}',
      'justify the paragraph with {text}',
      'set the alignment of {text} to justified',
      'use justified alignment for {text}',
      'change {text} to justified',
      'make the paragraph with {text} justified',
      '!{text} should be justified',
    ],
    test: [
      'give {text} justified alignment',
      'change the paragraph containing {text} to justified',
      '!I want {text} justified',
    ],
    mayBeDone: true,
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        plants: [text],
        goals: [selectText(text), turnOn('Home/Justify')],
        ...setParagraphOf(text, { alignment: 'justify' }),
      };
    },
  },
  {
    name: 'align-paragraph',
    train: [
      '<side>-align paragraph <number>',
      'align paragraph <number> to the <side>',
      'set paragraph number <number> to <side> alignment',
      'change paragraph <number> to <side> alignment',
      'use <side> alignment for paragraph <number>',
      'make paragraph <number> <side> aligned',
      '!paragraph <number> should be <side> aligned',
    ],
    test: [
      'give paragraph <number> <side> alignment',
      '!I want paragraph <number> aligned to the <side>',
      'move paragraph <number> to <side> alignment',
    ],
    mayBeDone: true,
    create: (draw) => {
      const number = draw.random.int(1, MOST_PARAGRAPHS);
      const { word, control, alignment } = draw.pick(ALIGNMENTS);
      return {
        slots: { number, side: word },
        goals: [selectParagraphs(number, number), turnOn(control)],
        start: ({ document }) => {
          for (const { format } of document.paragraphs) format.alignment = 'justify';
        },
        expect: (d) => {
          const paragraph = d.paragraphs[number - 1];
          if (paragraph) paragraph.format.alignment = alignment;
        },
      };
    },
  },
  {
    name: 'number-paragraphs',
    train: [
      'number paragraphs <from> to <to>',
      'make paragraphs <from> to <to> a numbered list',
      'turn paragraphs <from> through <to> into a numbered list',
      'apply numbering to paragraphs <from> to <to>',
      'use numbering for paragraphs <from> to <to>',
      'format paragraphs <from> through <to> with numbers',
    ],
    test: [
      'put numbers in front of paragraphs <from> to <to>',
      '!paragraphs <from> to <to> should be a numbered list',
      'use a numbered list for paragraphs <from> through <to>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const from = draw.random.int(1, MOST_PARAGRAPHS - 1);
      const to = draw.random.int(from + 1, MOST_PARAGRAPHS);
      return {
        slots: { from, to },
        goals: [selectParagraphs(from, to), turnOn('Home/Numbering')],
        expect: (d) => {
          for (const { format } of d.paragraphs.slice(from - 1, to)) format.list = 'numbering';
        },
      };
    },
  },
  listTask('bullet-text', 'bullets', {
    train: [
      'make {text} a bullet point',
      'add a bullet to {text}',
      'turn {text} into a bulleted list',
      'apply bullets to {text}',
      'put a bullet in front of {text}',
      'format {text} with a bullet',
      'start a bulleted list with {text}',
      '!{text} should be a bulleted item',
    ],
    test: ['format {text} as a bullet list', 'use bullets for {text}', '!I want {text} as a bullet point'],
  }),
  listTask('number-text', 'numbering', {
    train: [
      'make {text} a numbered item',
      'add numbering to {text}',
      'turn {text} into a numbered list',
      'apply numbering to {text}',
      'put a number in front of {text}',
      'format {text} with a number',
      'start a numbered list with {text}',
      '!{text} should be a numbered item',
    ],
    test: ['format {text} as a numbered list', 'use numbering for {text}', '!I want {text} as a numbered item'],
  }),
  {
    name: 'line-spacing',
    train: [
      'set the line spacing of {text} to <spacing>',
      'change the line spacing of {text} to <spacing>',
      'use <spacing> line spacing for {text}',
      'make the line spacing of the paragraph with {text} <spacing>',
      '!{text} should have a line spacing of <spacing>',
      'apply <spacing> line spacing to {text}',
      'put {text} at a line spacing of <spacing>',
      'give the paragraph with {text} <spacing> line spacing',
    ],
    test: [
      'give {text} a line spacing of <spacing>',
      'put the paragraph with {text} at <spacing> line spacing',
      '!I want <spacing> line spacing for {text}',
    ],
    create: (draw) => {
      const text = draw.text();
      const spacing = draw.pick(LINE_SPACINGS);
      return {
        slots: { text, spacing },
        plants: [text],
        goals: [selectText(text), press(`Line Spacing menu/${spacing}`)],
        start: ({ document }) => withText(document, text, () => formatParagraphs(document, { lineSpacing: 1.3 })),
        ...setParagraphOf(text, { lineSpacing: Number(spacing) }),
      };
    },
  },
  {
    name: 'style-text',
    train: [
      'apply the <style> style to {text}',
      'set the style of {text} to <style>',
      'make {text} a <style>',
      'format {text} with the style <style>',
      'turn {text} into the style <style>',
      'give {text} the <style> style',
      'change {text} to <style>',
      '!{text} should have the <style> style',
      'use the <style> style for {text}',
    ],
    test: ['give {text} the style <style>', 'turn {text} into a <style>', '!I want {text} styled as <style>'],
    mayBeDone: true,
    create: (draw) => {
      const text = draw.text();
      const style = draw.pick(STYLE_NAMES);
      return {
        slots: { text, style },
        plants: [text],
        goals: [selectText(text), turnOn(`Home/${style}`, `Styles menu/${style}`)],
        ...setParagraphOf(text, { style }),
      };
    },
  },
  spacingTask('space-before', 'Before'),
  spacingTask('space-after', 'After'),
  {
    name: 'indent-text',
    train: [
      'increase the indent of {text}',
      'indent {text}',
      'indent the paragraph with {text}',
      'move {text} one indent to the right',
      'add an indent to {text}',
      'push {text} to the right by an indent',
      'put an indent on the paragraph with {text}',
    ],
    test: ['push {text} in by one indent', 'give {text} an indent', '!the paragraph with {text} should be indented'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        plants: [text],
        goals: [selectText(text), press('Home/Increase Indent')],
        expect: (d) => withText(d, text, () => formatParagraphs(d, { indent: 1 })),
      };
    },
  },
  {
    name: 'shade-text',
    train: [
      'shade the paragraph with {text} in <color>',
      'set the shading of {text} to <color>',
      'apply <color> shading to {text}',
      'use <color> shading for the paragraph with {text}',
      '!{text} should be shaded <color>',
      'add <color> shading to {text}',
      'put <color> shading behind {text}',
      'change the paragraph shading of {text} to <color>',
    ],
    test: [
      'give {text} a <color> shading',
      'change the shading of {text} to <color>',
      '!I want <color> shading on {text}',
    ],
    create: (draw) => {
      const text = draw.text();
      const color = draw.pick(STANDARD_COLORS);
      return {
        slots: { text, color: color.toLowerCase() },
        plants: [text],
        goals: [selectText(text), press(`Shading menu/${color}`)],
        ...setParagraphOf(text, { shading: color }),
      };
    },
  },
  {
    name: 'border-text',
    train: [
      'add a <border> to {text}',
      'apply a <border> to the paragraph with {text}',
      'put a <border> on {text}',
      'set a <border> for {text}',
      'draw a <border> for {text}',
      'give the paragraph with {text} a <border>',
      '!{text} needs a <border>',
    ],
    test: ['give {text} a <border>', 'draw a <border> on the paragraph with {text}', '!I want a <border> on {text}'],
    create: (draw) => {
      const text = draw.text();
      const border = draw.pick(BORDERS.filter((name) => !/^(No|All|Outside)/.test(name)));
      return {
        slots: { text, border: border.toLowerCase() },
        plants: [text],
        goals: [selectText(text), press(`Borders menu/${border}`)],
        ...setParagraphOf(text, { border }),
      };
    },
  },
  {
    name: 'insert-table',
    train: [
      'insert a table with <rows> rows and <columns> columns',
      'add a <rows>x<columns> table',
      'create a table of <rows> rows by <columns> columns',
      'insert a <rows> by <columns> table',
      'make a <rows> x <columns> table',
      'build a table of <rows> rows and <columns> columns',
      'put in a table with <columns> columns and <rows> rows',
      'add a table that has <rows> rows and <columns> columns',
    ],
    test: [
      'make a new table, <rows> rows and <columns> columns',
      'insert a <rows> x <columns> table here',
      '!I need a table with <rows> rows and <columns> columns',
      'build a table with <columns> columns and <rows> rows',
    ],
    create: (draw) => {
      const rows = draw.number('rows', { min: 2, max: 30 });
      const columns = draw.number('columns', { min: 2, max: 20 });
      return {
        slots: { rows, columns },
        goals: [onDocument('insert_table', { rows, columns })],
        expect: (d) => {
          d.tables.push({ rows, columns, alignment: 'left' });
        },
      };
    },
  },
  {
    name: 'align-table',
    train: [
      '<side>-align table <number>',
      'align table <number> to the <side>',
      'set table <number> to <side> alignment',
      'change table <number> to <side> alignment',
      'use <side> alignment for table <number>',
      'move table <number> <side>',
      'make table <number> <side> aligned',
      '!table <number> should be <side> aligned',
    ],
    test: [
      'give table <number> <side> alignment',
      '!I want table <number> aligned to the <side>',
      'move table number <number> to the <side>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const number = draw.random.int(1, 4);
      const { word, control, alignment } = draw.pick(ALIGNMENTS.filter(({ alignment: a }) => a !== 'left'));
      return {
        slots: { number, side: word },
        goals: [selectTable(number), turnOn(control)],
        start: ({ document }, random) => {
          for (let i = number + random.int(0, 2); i > 0; i--) {
            document.tables.push({ rows: random.int(2, 5), columns: random.int(2, 5), alignment: 'left' });
          }
        },
        expect: (d) => {
          const table = d.tables[number - 1];
          if (table) table.alignment = alignment;
        },
      };
    },
  },
];
