/** Tasks about a piece of text: bold, italic and the like, deleting it, copying it, typing over it. */
import type { CharFormat } from '../document.ts';
import { formatText, selectedText, typeText } from '../editing.ts';
import { type Goal, press, turn, turnOn, typeKeys } from '../goals.ts';
import { A_PARAGRAPH, A_TEXT, EVERYTHING, PARAGRAPHS, type TargetKind, templatesOf } from './build.ts';
import type { Template, Wordings } from './task.ts';

const template = templatesOf('character');

/** A toggle of the Home tab, which the mini toolbar repeats. */
const homeToggle = (name: string): [string, string] => [`Home/${name}`, `Mini Toolbar/${name}`];
/** The mini toolbar comes and goes, so the Home tab is the place that can always be reached: it comes last. */
const on = (name: string): Goal => turnOn(...homeToggle(name).reverse());
const off = (name: string): Goal => turn(false, ...homeToggle(name).reverse());

type FormatTask = Wordings & {
  readonly goal: Goal;
  readonly format: Partial<CharFormat>;
  readonly target?: TargetKind;
  readonly heldOut?: boolean;
};
const formatTask = (name: string, { goal, format, target = A_TEXT, ...wordings }: FormatTask): Template =>
  template(name, target, {
    ...wordings,
    mayBeDone: true,
    create: () => ({ goals: [goal], edit: (d) => formatText(d, format) }),
  });

const FLAGS = [
  { word: 'bold', name: 'Bold', format: { bold: true }, off: { bold: false } },
  { word: 'italic', name: 'Italic', format: { italic: true }, off: { italic: false } },
  { word: 'underline', name: 'Underline', format: { underline: true }, off: { underline: false } },
] as const;

const toggles: readonly Template[] = [
  formatTask('bold-text', {
    goal: on('Bold'),
    format: { bold: true },
    train: [
      'make {text} bold',
      'bold {text}',
      'apply bold to {text}',
      'set {text} in bold',
      'format {text} as bold',
      'put {text} in bold type',
      'change {text} to bold',
      'give {text} a bold look',
      'turn {text} bold',
      '!{text} should be bold',
    ],
    test: [
      'use bold for {text}',
      'change {text} to bold letters',
      '!I want {text} to appear in bold',
      'render {text} bold',
    ],
  }),
  formatTask('italic-text', {
    goal: on('Italic'),
    format: { italic: true },
    train: [
      'make {text} italic',
      'italicize {text}',
      'apply italic to {text}',
      'set {text} in italics',
      'format {text} as italic',
      'put {text} in italic type',
      'change {text} to italic',
      'give {text} an italic look',
      '!{text} should be italic',
    ],
    test: [
      'use italics for {text}',
      'change {text} to italic letters',
      '!I want {text} to appear in italics',
      'turn {text} italic',
    ],
  }),
  formatTask('underline-text', {
    goal: on('Underline'),
    format: { underline: true },
    train: [
      'underline {text}',
      'apply underline to {text}',
      'set {text} underlined',
      'draw a line under {text}',
      'format {text} with an underline',
      '!{text} should be underlined',
      'add an underline to {text}',
      'show {text} with an underline',
      'make {text} underlined',
    ],
    test: [
      'put an underline below {text}',
      '!I want {text} to be underlined',
      'give {text} underlining',
      'show {text} underlined',
    ],
  }),
  formatTask('strikethrough-text', {
    goal: turnOn('Home/Strikethrough'),
    format: { strikethrough: true },
    train: [
      'strike through {text}',
      'apply strikethrough to {text}',
      'cross out {text}',
      'draw a line through {text}',
      'format {text} with strikethrough',
      'mark {text} with a strikethrough',
      'show {text} struck through',
      '!{text} should be crossed out',
    ],
    test: ['use strikethrough on {text}', '!I want {text} to be struck through', 'mark {text} as crossed out'],
  }),
  formatTask('subscript-text', {
    goal: turnOn('Home/Subscript'),
    format: { script: 'subscript' },
    train: [
      'make {text} a subscript',
      'set {text} as subscript',
      'apply subscript to {text}',
      'format {text} as subscript',
      'change {text} to subscript',
      'lower {text} as a subscript',
      '!{text} should be subscript',
    ],
    test: ['turn {text} into a subscript', 'use subscript for {text}', '!I want {text} in subscript'],
  }),
  formatTask('superscript-text', {
    goal: turnOn('Home/Superscript'),
    format: { script: 'superscript' },
    train: [
      'make {text} a superscript',
      'set {text} as superscript',
      'apply superscript to {text}',
      'format {text} as superscript',
      'change {text} to superscript',
      'raise {text} as a superscript',
      '!{text} should be superscript',
    ],
    test: ['turn {text} into a superscript', 'use superscript for {text}', '!I want {text} in superscript'],
  }),
  formatTask('bold-paragraph', {
    goal: on('Bold'),
    format: { bold: true },
    target: A_PARAGRAPH,
    train: [
      'make paragraph <number> bold',
      '(bold|embolden) paragraph <number>',
      'apply bold to paragraph (<number>|number <number>)',
      'format paragraph <number> as bold',
      'turn paragraph <number> bold',
      '!paragraph <number> should be bold',
    ],
    test: [
      'use bold for paragraph <number>',
      '!I want paragraph <number> in bold',
      'put paragraph number <number> in bold',
    ],
  }),
  formatTask('italic-paragraph', {
    goal: on('Italic'),
    format: { italic: true },
    target: A_PARAGRAPH,
    heldOut: true,
    train: [
      'make paragraph <number> italic',
      'italicize paragraph <number>',
      'apply italic to paragraph <number>',
      'set paragraph <number> in italics',
    ],
    test: [
      'use italics for paragraph <number>',
      '!paragraph <number> should be italic',
      'format paragraph <number> as italic',
    ],
  }),
];

/** Also what to refuse when nothing was copied. */
export const PASTE_OVER: Wordings = {
  train: [
    'paste over {text}',
    'replace {text} with the (clipboard|copied text)',
    'paste the clipboard over {text}',
    'select {text} and paste',
    'put the copied text in place of {text}',
    'overwrite {text} with what is on the clipboard',
  ],
  test: [
    'paste what I copied over {text}',
    '!{text} should become what is on the clipboard',
    'put the clipboard where it says {text}',
  ],
};

export const characterTasks: readonly Template[] = [
  ...toggles,
  template('remove-format', A_TEXT, {
    train: [
      'remove <flag> from {text}',
      'take the <flag> off {text}',
      '!{text} should not be <flag> any more',
      'turn off <flag> for {text}',
      'clear the <flag> formatting of {text}',
      'make {text} no longer <flag>',
      'stop {text} from being <flag>',
      'undo the <flag> on {text}',
    ],
    test: ['get rid of the <flag> on {text}', '!I do not want {text} to be <flag>', 'drop the <flag> from {text}'],
    mayBeDone: true,
    create: (draw) => {
      const flag = draw.pick(FLAGS);
      return {
        slots: { flag: flag.word },
        goals: [off(flag.name)],
        before: (d) => formatText(d, flag.format),
        edit: (d) => formatText(d, flag.off),
      };
    },
  }),
  template('two-formats', A_TEXT, {
    train: [
      'make {text} <first> and <second>',
      'set {text} to <first> and <second>',
      'apply <first> and <second> to {text}',
      'format {text} as <first> and also <second>',
      'turn on <first> and <second> for {text}',
      'change {text} to <first> and <second>',
      '!{text} should be <first> and <second>',
    ],
    test: [
      'use both <first> and <second> for {text}',
      'give {text} <first> plus <second> formatting',
      '!I want {text} in <first> and <second>',
    ],
    mayBeDone: true,
    create: (draw) => {
      const [first, second] = draw.random.shuffle(FLAGS) as [(typeof FLAGS)[number], (typeof FLAGS)[number]];
      return {
        slots: { first: first.word, second: second.word },
        goals: [on(first.name), on(second.name)],
        edit: (d) => formatText(d, { ...first.format, ...second.format }),
      };
    },
  }),
  template('format-all', EVERYTHING, {
    train: [
      'make the (whole|entire) document <flag>',
      'set all text to <flag>',
      'make everything <flag>',
      'apply <flag> to the entire document',
      'select all and make it <flag>',
      'turn all the text <flag>',
      'change all paragraphs to <flag>',
      'format the complete document as <flag>',
    ],
    test: ['use <flag> for the complete text', '!The entire text should be <flag>', 'put every paragraph in <flag>'],
    create: (draw) => {
      const flag = draw.pick(FLAGS);
      return { slots: { flag: flag.word }, goals: [on(flag.name)], edit: (d) => formatText(d, flag.format) };
    },
  }),
  template('delete-text', A_TEXT, {
    train: [
      '(delete|remove|erase) {text}',
      '(delete|remove|erase) {text} from (the document|the text)',
      'take {text} out of the (document|text)',
      'cut out {text}',
      'make {text} disappear',
      'drop {text} from the text',
      '!{text} should (go|be deleted|be removed)',
    ],
    test: ['get rid of {text}', '!I want {text} gone', 'cut {text} out of the text', '!{text} has to go'],
    create: () => ({ goals: [typeKeys('{DELETE}')], edit: (d) => typeText(d, '') }),
  }),
  template('delete-paragraph', A_PARAGRAPH, {
    train: [
      '(delete|remove|erase) paragraph <number>',
      '(delete|remove|erase) the text of paragraph <number>',
      'take paragraph <number> out of the document',
      'drop paragraph number <number>',
      'make paragraph <number> disappear',
    ],
    test: [
      'get rid of paragraph <number>',
      '!I want paragraph <number> gone',
      'cut paragraph <number> out of the text',
    ],
    create: () => ({ goals: [typeKeys('{DELETE}')], edit: (d) => typeText(d, '') }),
  }),
  template('delete-paragraphs', PARAGRAPHS, {
    heldOut: true,
    train: [
      'delete paragraphs <from> to <to>',
      'remove paragraphs <from> through <to>',
      'erase paragraphs <from> to <to>',
      'drop paragraphs <from> to <to>',
    ],
    test: [
      'get rid of paragraphs <from> to <to>',
      'take paragraphs <from> to <to> out of the document',
      '!paragraphs <from> to <to> should go',
    ],
    create: () => ({ goals: [typeKeys('{DELETE}')], edit: (d) => typeText(d, '') }),
  }),
  template('overwrite-text', A_TEXT, {
    train: [
      'overwrite {text} with {new}',
      'type {new} over {text}',
      'select {text} and type {new}',
      '(type|write) {new} in place of {text}',
      'enter {new} over {text}',
      'put {new} where it says {text}',
    ],
    test: [
      'write {new} over {text}',
      'select {text} and enter {new} there',
      '!{text} should be overwritten with {new}',
    ],
    create: (draw) => {
      const replacement = draw.text();
      return { slots: { new: replacement }, goals: [typeKeys(replacement)], edit: (d) => typeText(d, replacement) };
    },
  }),
  template('copy-text', A_TEXT, {
    train: [
      'copy {text}',
      'copy {text} to the clipboard',
      'put {text} on the clipboard',
      'take a copy of {text}',
      'select {text} and copy it',
      '!{text} should be on the clipboard',
    ],
    test: ['make a copy of {text}', 'place {text} on the clipboard', '!I want {text} copied'],
    create: (_, text) => ({
      goals: [press('Home/Copy')],
      edit: (d) => {
        d.clipboard = text;
      },
    }),
  }),
  template('cut-text', A_TEXT, {
    heldOut: true,
    train: ['cut {text}', 'cut {text} to the clipboard', 'select {text} and cut it', 'move {text} to the clipboard'],
    test: [
      'cut {text} to the clipboard please',
      '!{text} should be cut to the clipboard',
      'take {text} to the clipboard with cut',
    ],
    create: () => ({
      goals: [press('Home/Cut')],
      edit: (d) => {
        d.clipboard = selectedText(d);
        typeText(d, '');
      },
    }),
  }),
  template('paste-over', A_TEXT, {
    ...PASTE_OVER,
    create: (draw) => {
      const copied = draw.text();
      return {
        goals: [press('Home/Paste')],
        before: (d) => {
          d.clipboard = copied;
        },
        edit: (d) => typeText(d, d.clipboard),
      };
    },
  }),
];
