/** Tasks about paragraphs: alignment, lists, spacing, indents, pagination, order. */
import type { ParagraphFormat } from '../document.ts';
import { formatParagraphs, sortParagraphs } from '../editing.ts';
import { fill, type Goal, press, turn, turnOn } from '../goals.ts';
import { PAGINATION } from '../ui/home-dialogs.ts';
import { LINE_SPACINGS, SPACE_BEFORE } from '../ui/home-menus.ts';
import { A_PARAGRAPH, A_TEXT, NOTHING_SELECTED, PARAGRAPHS, type TargetKind, templatesOf } from './build.ts';
import type { Template } from './task.ts';

const template = templatesOf('paragraph');

type Spec = Pick<Template, 'train' | 'test' | 'heldOut' | 'mayBeDone'> & { readonly target?: TargetKind };

/** One action on the paragraph that sets its format. */
const formatTask = (
  name: string,
  {
    goals,
    format,
    before,
    target = A_TEXT,
    ...spec
  }: Spec & {
    readonly goals: readonly Goal[];
    readonly format: Partial<ParagraphFormat>;
    readonly before?: Partial<ParagraphFormat>;
  },
): Template =>
  template(name, target, {
    ...spec,
    create: () => ({
      goals,
      ...(before && { before: (d) => formatParagraphs(d, before) }),
      edit: (d) => formatParagraphs(d, format),
    }),
  });

export const ALIGNMENTS = [
  { word: 'center', control: 'Home/Center', alignment: 'center' },
  { word: 'left', control: 'Home/Align Left', alignment: 'left' },
  { word: 'right', control: 'Home/Align Right', alignment: 'right' },
] as const;
const BULLETS = turnOn('Mini Toolbar/Bullets', 'Home/Bullets');
const NUMBERING = turnOn('Mini Toolbar/Numbering', 'Home/Numbering');

const spacingTask = (name: string, side: 'Before' | 'After'): Template =>
  template(name, A_TEXT, {
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
      const points = draw.number('points', { min: 2, max: 60, except: 8 });
      const format = side === 'Before' ? { spaceBefore: points } : { spaceAfter: points };
      return {
        slots: { points },
        goals: [fill(`Layout/Spacing ${side}`, String(points))],
        edit: (d) => formatParagraphs(d, format),
      };
    },
  });

const indentTask = (name: string, side: 'left' | 'right', heldOut: boolean): Template =>
  template(name, A_TEXT, {
    heldOut,
    train: [
      `set the ${side} indent of {text} to <amount>`,
      `@set the ${side} indent of @paragraph {text} to <amount>`,
      `indent {text} by <amount> (on|from) the ${side}`,
      `give {text} a ${side} indent of <amount>`,
      `!{text} should have a ${side} indent of <amount>`,
    ],
    test: [
      `use a ${side} indent of <amount> for {text}`,
      `!I want a ${side} indent of <amount> on {text}`,
      `put the ${side} indent of {text} at <amount>`,
    ],
    create: (draw) => {
      const amount = draw.number('tenths of indent', { min: 2, max: 39 }) / 10;
      const format = side === 'left' ? { indent: amount } : { indentRight: amount };
      return {
        slots: { amount },
        goals: [fill(`Layout/Indent ${side === 'left' ? 'Left' : 'Right'}`, String(amount))],
        edit: (d) => formatParagraphs(d, format),
      };
    },
  });

const PAGINATION_WORDS = [
  { name: 'Keep with next', words: 'kept with the next paragraph' },
  { name: 'Keep lines together', words: 'kept on one page with its lines together' },
  { name: 'Page break before', words: 'put behind a page break, by its paragraph settings' },
] as const satisfies readonly { name: keyof typeof PAGINATION; words: string }[];

const listTasks: readonly Template[] = [
  formatTask('bullet-text', {
    goals: [BULLETS],
    format: { list: 'bullets' },
    mayBeDone: true,
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
  formatTask('number-text', {
    goals: [NUMBERING],
    format: { list: 'numbering' },
    mayBeDone: true,
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
  template('number-paragraphs', PARAGRAPHS, {
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
    create: () => ({ goals: [NUMBERING], edit: (d) => formatParagraphs(d, { list: 'numbering' }) }),
  }),
  formatTask('bullet-paragraphs', {
    goals: [BULLETS],
    format: { list: 'bullets' },
    target: PARAGRAPHS,
    mayBeDone: true,
    heldOut: true,
    train: [
      'put bullets on paragraphs <from> to <to>',
      'make paragraphs <from> to <to> a bulleted list',
      'turn paragraphs <from> through <to> into a bulleted list',
      'apply bullets to paragraphs <from> to <to>',
    ],
    test: [
      'use bullets for paragraphs <from> to <to>',
      '!paragraphs <from> to <to> should be a bulleted list',
      'format paragraphs <from> through <to> with bullets',
    ],
  }),
  template('remove-list', A_TEXT, {
    train: [
      '@remove the <list> (from|of) {text}',
      'take the <list> off {text}',
      'turn off the <list> for {text}',
      'make {text} a paragraph without <list>',
      '!{text} should not have <list> any more',
    ],
    test: ['stop the <list> on {text}', '!I do not want <list> on {text}', '@remove the <list> on {text}'],
    mayBeDone: true,
    create: (draw) => {
      const list = draw.pick(['bullets', 'numbering'] as const);
      const name = list === 'bullets' ? 'Bullets' : 'Numbering';
      return {
        slots: { list },
        goals: [turn(false, `Mini Toolbar/${name}`, `Home/${name}`)],
        before: (d) => formatParagraphs(d, { list }),
        edit: (d) => formatParagraphs(d, { list: 'none' }),
      };
    },
  }),
];

export const paragraphTasks: readonly Template[] = [
  ...listTasks,
  template('align-text', A_TEXT, {
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
      const { word, control, alignment } = draw.pick(ALIGNMENTS);
      return {
        slots: { side: word },
        goals: [turnOn(control)],
        before: (document) => formatParagraphs(document, { alignment: 'justify' }),
        edit: (d) => formatParagraphs(d, { alignment }),
      };
    },
  }),
  template('justify-text', A_TEXT, {
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
    create: () => {
      return {
        slots: {},
        goals: [turnOn('Home/Justify')],
        edit: (d) => formatParagraphs(d, { alignment: 'justify' }),
      };
    },
  }),
  template('align-paragraph', A_PARAGRAPH, {
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
      const { word, control, alignment } = draw.pick(ALIGNMENTS);
      return {
        slots: { side: word },
        goals: [turnOn(control)],
        before: (d) => formatParagraphs(d, { alignment: 'justify' }),
        edit: (d) => formatParagraphs(d, { alignment }),
      };
    },
  }),
  template('line-spacing', A_TEXT, {
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
      const spacing = draw.pick(LINE_SPACINGS);
      return {
        slots: { spacing },
        goals: [press(`Line Spacing menu/${spacing}`)],
        before: (document) => formatParagraphs(document, { lineSpacing: 1.3 }),
        edit: (d) => formatParagraphs(d, { lineSpacing: Number(spacing) }),
      };
    },
  }),
  spacingTask('space-before', 'Before'),
  spacingTask('space-after', 'After'),
  indentTask('indent-left', 'left', false),
  indentTask('indent-right', 'right', true),
  template('indent-text', A_TEXT, {
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
    create: () => {
      return {
        slots: {},
        goals: [press('Home/Increase Indent')],
        edit: (d) => formatParagraphs(d, { indent: 1 }),
      };
    },
  }),
  formatTask('decrease-indent', {
    goals: [press('Home/Decrease Indent')],
    before: { indent: 2 },
    format: { indent: 1 },
    heldOut: true,
    train: [
      'decrease the indent of {text}',
      'move {text} one indent to the left',
      'reduce the indent of the paragraph with {text}',
      'take one indent off {text}',
    ],
    test: [
      'make the indent of {text} smaller',
      '!the indent of {text} should be decreased',
      'move the paragraph with {text} back by one indent',
    ],
  }),
  formatTask('add-space-before', {
    goals: [press('Line Spacing menu/Add Space Before Paragraph')],
    format: { spaceBefore: SPACE_BEFORE },
    train: [
      '@add space before @paragraph {text}',
      '@add (a space|some space) before {text}',
      'put (some space|space) in front of @paragraph {text}',
      'leave some space before {text}',
      '!there should be some space before {text}',
    ],
    test: [
      'give @paragraph {text} some space before it',
      '!I want space before {text}',
      'leave a space in front of {text}',
    ],
  }),
  formatTask('remove-space-after', {
    goals: [press('Line Spacing menu/Remove Space After Paragraph')],
    format: { spaceAfter: 0 },
    heldOut: true,
    train: [
      'remove the space after the paragraph with {text}',
      'take away the space after {text}',
      'delete the space after {text}',
      'drop the space after the paragraph containing {text}',
    ],
    test: [
      'get rid of the space after {text}',
      '!there should be no space after {text}',
      'clear the space after the paragraph with {text}',
    ],
  }),
  template('pagination', A_TEXT, {
    train: [
      '!@paragraph {text} should be <words>',
      '!make sure that {text} is <words>',
      '!I need @paragraph {text} to be <words>',
      'let @paragraph {text} be <words>',
      'have {text} <words>',
    ],
    test: ['!{text} has to be <words>', 'see that @paragraph {text} is <words>', '!I want {text} <words>'],
    create: (draw) => {
      const { name, words } = draw.pick(PAGINATION_WORDS);
      return {
        slots: { words },
        goals: [turnOn(`Page Breaks dialog/${name}`), press('Page Breaks dialog/OK')],
        edit: (d) => formatParagraphs(d, { [PAGINATION[name]]: true }),
      };
    },
  }),
  formatTask('suppress-line-numbers', {
    goals: [turnOn('Page Breaks dialog/Suppress line numbers'), press('Page Breaks dialog/OK')],
    format: { suppressLineNumbers: true },
    heldOut: true,
    train: [
      'suppress line numbers for the paragraph with {text}',
      'let the paragraph with {text} have its line numbers suppressed',
      'suppress the line numbers of {text}',
      'have line numbers suppressed for {text}',
    ],
    test: [
      'turn on suppress line numbers for {text}',
      '!the line numbers of {text} should be suppressed',
      '!I want line numbers suppressed for {text}',
    ],
  }),
  template('sort-paragraphs', NOTHING_SELECTED, {
    train: [
      'sort the paragraphs (in|into) <order> order',
      'sort @document (in|into) <order> order',
      'put the paragraphs (in|into) <order> order',
      'arrange the paragraphs in <order> order',
      'sort the text <order>',
      '!the paragraphs should be in <order> order',
    ],
    test: [
      'order the paragraphs, <order>',
      '!I want the paragraphs sorted in <order> order',
      'bring the paragraphs into <order> order',
    ],
    create: (draw) => {
      const order = draw.pick(['ascending', 'descending'] as const);
      return {
        slots: { order },
        goals: [
          turnOn(`Sort Text dialog/${order === 'ascending' ? 'Ascending' : 'Descending'}`),
          press('Sort Text dialog/OK'),
        ],
        edit: (d) => sortParagraphs(d, order),
      };
    },
  }),
];
