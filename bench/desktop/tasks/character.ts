/** Tasks about a piece of text: bold, italic and the like, deleting it, typing over it. */
import type { CharFormat } from '../document.ts';
import { formatText, typeText } from '../editing.ts';
import { type Goal, selectAll, selectText, turn, turnOn, typeKeys } from '../goals.ts';
import type { Template } from './task.ts';
import { withText } from './with-text.ts';

type Wordings = Pick<Template, 'train' | 'test'>;

const formatTask = (name: string, options: { goal: Goal; format: Partial<CharFormat> } & Wordings): Template => ({
  name,
  train: options.train,
  test: options.test,
  mayBeDone: options.goal.type === 'toggle',
  create: (draw) => {
    const text = draw.text();
    return {
      slots: { text },
      plants: [text],
      goals: [selectText(text), options.goal],
      expect: (d) => withText(d, text, () => formatText(d, options.format)),
    };
  },
});

const FLAGS = [
  { word: 'bold', control: 'Home/Bold', format: { bold: true }, off: { bold: false } },
  { word: 'italic', control: 'Home/Italic', format: { italic: true }, off: { italic: false } },
  { word: 'underline', control: 'Home/Underline', format: { underline: true }, off: { underline: false } },
] as const;

export const characterTasks: readonly Template[] = [
  formatTask('bold-text', {
    goal: turnOn('Home/Bold'),
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
    goal: turnOn('Home/Italic'),
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
    goal: turnOn('Home/Underline'),
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
  {
    name: 'remove-format',
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
      const text = draw.text();
      const flag = draw.pick(FLAGS);
      return {
        slots: { text, flag: flag.word },
        plants: [text],
        goals: [selectText(text), turn(false, flag.control)],
        start: ({ document }) => withText(document, text, () => formatText(document, flag.format)),
        expect: (d) => withText(d, text, () => formatText(d, flag.off)),
      };
    },
  },
  {
    name: 'two-formats',
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
      const text = draw.text();
      const [first, second] = draw.random.shuffle(FLAGS) as [(typeof FLAGS)[number], (typeof FLAGS)[number]];
      return {
        slots: { text, first: first.word, second: second.word },
        plants: [text],
        goals: [selectText(text), turnOn(first.control), turnOn(second.control)],
        expect: (d) => withText(d, text, () => formatText(d, { ...first.format, ...second.format })),
      };
    },
  },
  {
    name: 'format-all',
    train: [
      'make the whole document <flag>',
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
      return {
        slots: { flag: flag.word },
        goals: [selectAll, turnOn(flag.control)],
        expect: (d) => {
          d.selection = { type: 'all' };
          formatText(d, flag.format);
        },
      };
    },
  },
  {
    name: 'delete-text',
    train: [
      'delete {text}',
      'remove {text}',
      'erase {text}',
      'delete {text} from the document',
      'take {text} out of the document',
      'cut out {text}',
      'make {text} disappear',
      'remove {text} from the text',
    ],
    test: ['get rid of {text}', '!I want {text} gone', 'cut {text} out of the text'],
    create: (draw) => {
      const text = draw.text();
      return {
        slots: { text },
        plants: [text],
        goals: [selectText(text), typeKeys('{DELETE}')],
        expect: (d) => withText(d, text, () => typeText(d, '')),
      };
    },
  },
  {
    name: 'overwrite-text',
    train: [
      'overwrite {text} with {new}',
      'type {new} over {text}',
      'select {text} and type {new}',
      'type {new} in place of {text}',
      'write {new} in place of {text}',
      'enter {new} over {text}',
      'put {new} where it says {text}',
    ],
    test: [
      'write {new} over {text}',
      'select {text} and enter {new} there',
      '!{text} should be overwritten with {new}',
    ],
    create: (draw) => {
      const text = draw.text();
      const replacement = draw.text();
      return {
        slots: { text, new: replacement },
        plants: [text],
        goals: [selectText(text), typeKeys(replacement)],
        expect: (d) => withText(d, text, () => typeText(d, replacement)),
      };
    },
  },
];
