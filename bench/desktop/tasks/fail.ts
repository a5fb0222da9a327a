/**
 * Tasks that cannot be done. The right answer is FAIL: at once where the state shows it, else as soon as a call or a
 * surface has shown that there is nothing to act on. The document stays as it is.
 */
import { impossible, press, selectParagraphs, selectTable, selectText, turnOn } from '../goals.ts';
import { NOTHING_SELECTED, templatesOf, type Work } from './build.ts';
import { PASTE_OVER } from './character.ts';
import type { Draw } from './draw.ts';
import { ELSEWHERE } from './elsewhere.ts';
import type { Template, Wordings } from './task.ts';

const template = templatesOf('fail');

type Spec = Wordings & { readonly heldOut?: boolean; readonly create: (draw: Draw) => Omit<Work, 'end' | 'edit'> };

const failTask = (name: string, { create, ...spec }: Spec): Template =>
  template(name, NOTHING_SELECTED, { ...spec, create: (draw) => ({ ...create(draw), end: 'FAIL' }) });

/** What can be done to a text, in words, with the control that would do it. */
const TEXT_WORK = [
  { words: 'bold', control: 'Home/Bold' },
  { words: 'italic', control: 'Home/Italic' },
  { words: 'underlined', control: 'Home/Underline' },
  { words: 'subscript', control: 'Home/Subscript' },
  { words: 'centered', control: 'Home/Center' },
  { words: 'a Heading 1', control: 'Styles menu/Heading 1' },
] as const;
/** No document here has as many. */
const FAR = { min: 20, max: 60 };

export const failTasks: readonly Template[] = [
  failTask('missing-text', {
    train: [
      'make {text} <work>',
      '@set {text} <work>',
      'turn {text} <work>',
      'let {text} be <work>',
      '!{text} should be <work>',
      'format {text} as <work>',
    ],
    test: ['have {text} <work>', '!I want {text} <work>', 'see that {text} is <work>'],
    create: (draw) => {
      const text = draw.text();
      const { words, control } = draw.pick(TEXT_WORK);
      return { slots: { text, work: words }, goals: [selectText(text), turnOn(control)] };
    },
  }),
  failTask('missing-paragraph', {
    train: [
      'make paragraph <number> <work>',
      'turn paragraph <number> <work>',
      'let paragraph <number> be <work>',
      '!paragraph <number> should be <work>',
      'format paragraph <number> as <work>',
    ],
    test: [
      'have paragraph <number> <work>',
      '!I want paragraph <number> <work>',
      'see that paragraph <number> is <work>',
    ],
    create: (draw) => {
      const number = draw.number('far paragraph', FAR);
      const { words, control } = draw.pick(TEXT_WORK);
      return { slots: { number, work: words }, goals: [selectParagraphs(number, number), turnOn(control)] };
    },
  }),
  failTask('missing-table', {
    train: [
      'center table <number>',
      'align table <number> to the center',
      '@set table <number> to center alignment',
      'use center alignment for table <number>',
      '!table <number> should be centered',
    ],
    test: [
      'put table <number> in the center',
      '!I want table <number> centered',
      'let table <number> stand in the center',
    ],
    create: (draw) => {
      const number = draw.number('far table', FAR);
      return { slots: { number }, goals: [selectTable(number), turnOn('Home/Center')] };
    },
  }),
  failTask('missing-note-text', {
    heldOut: true,
    train: ['cross {text} out', 'strike {text} through', 'let {text} be struck through', 'have {text} crossed out'],
    test: ['put a line through {text}', '!I want {text} crossed out', 'set {text} struck through'],
    create: (draw) => {
      const text = draw.text();
      return { slots: { text }, goals: [selectText(text), turnOn('Home/Strikethrough')] };
    },
  }),
  failTask('no-changes-to-accept', {
    train: [
      'accept all changes',
      'accept (all|the) tracked changes',
      'accept every change in the document',
      'accept all revisions',
      '!all edits should be accepted',
    ],
    test: ['accept each tracked change', '!all changes should be accepted', 'accept everything that was changed'],
    create: () => ({
      goals: [press('Accept menu/Accept All Changes')],
      before: (d) => {
        d.revisions = 0;
      },
    }),
  }),
  failTask('no-changes-to-reject', {
    heldOut: true,
    train: [
      'reject all changes',
      'reject all tracked changes',
      'reject every change in the document',
      'reject all revisions',
    ],
    test: ['reject each tracked change', '!all changes should be rejected', 'reject everything that was changed'],
    create: () => ({
      goals: [press('Reject menu/Reject All Changes')],
      before: (d) => {
        d.revisions = 0;
      },
    }),
  }),
  failTask('no-comments-to-delete', {
    train: [
      'delete all comments',
      'remove all comments from the document',
      'delete every comment',
      'clear all the comments',
      'take all the comments away',
    ],
    test: ['get rid of all comments', '!no comments should be left', 'take every comment out of the document'],
    create: () => ({
      goals: [press('Delete Comment menu/Delete All Comments in Document')],
      before: (d) => {
        d.comments = [];
      },
    }),
  }),
  failTask('nothing-to-undo', {
    train: [
      'undo the last change',
      'undo',
      'take back the last edit',
      'reverse the last change',
      'step back once',
      'undo what I just did',
    ],
    test: ['reverse the most recent change', '!the last change was a mistake, undo it', 'step back one change'],
    create: () => ({ goals: [press('Title Bar/Undo')] }),
  }),
  failTask('nothing-to-paste', {
    // Who asks for a selection first can have that much.
    train: PASTE_OVER.train.filter((wording) => !wording.startsWith('select')),
    test: PASTE_OVER.test,
    create: (draw) => {
      const text = draw.text();
      return { slots: { text }, plants: [text], goals: [selectText(text), press('Home/Paste')] };
    },
  }),
  failTask('another-application', {
    train: [
      '<wish>',
      '(could Word|could you) <wish>',
      '<wish>, if you can',
      'try to <wish>',
      '!I need you to <wish>',
      'help to <wish>',
    ],
    test: ['see if you can <wish>', '!my boss wants you to <wish>', '<wish> for me'],
    create: (draw) => ({ slots: { wish: wishOf(draw) }, goals: [impossible] }),
  }),
];

/** Wishes of the two splits are apart. */
function wishOf(draw: Draw): string {
  const { actions, things } = draw.pick(ELSEWHERE[draw.split]);
  return `${draw.pick(actions)} ${draw.pick(things)}`;
}
