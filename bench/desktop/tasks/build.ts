/** Builds templates out of what they act on and what they do: "select a text, fill a field, press a button" is written once. */
import type { Desk } from '../desk.ts';
import { createTable, type WordDocument } from '../document.ts';
import { selectText } from '../editing.ts';
import {
  fill,
  type Goal,
  press,
  selectAll,
  selectParagraphs,
  selectTable,
  selectText as selectTextGoal,
} from '../goals.ts';
import type { Random } from '../random.ts';
import type { ControlKey } from '../ui/catalog.ts';
import type { Draw } from './draw.ts';
import type { End, Family, Slots, TaskInstance, Template, Wordings } from './task.ts';
import { moreWordings } from './wordings/more-wordings.ts';

/** What a task acts on: how it is said, selected, and put there. */
type Target = {
  readonly slots: Slots;
  readonly plants?: readonly string[];
  readonly goals: readonly Goal[];
  /** The text itself, where it is one. */
  readonly text: string;
  readonly start?: (desk: Desk, random: Random) => void;
  /** Selects it in the document. */
  readonly select: (document: WordDocument) => void;
};
export type TargetKind = (draw: Draw) => Target;

/** What a task does with its target; the target is selected in `before` and `edit`. */
export type Work = {
  readonly slots?: Slots;
  readonly goals: readonly Goal[];
  /** Default: the document stays as it is. */
  readonly edit?: (document: WordDocument) => void;
  /** What the document is like at the start. */
  readonly before?: (document: WordDocument, random: Random) => void;
  readonly start?: NonNullable<TaskInstance['start']>;
  readonly plants?: readonly string[];
  readonly verify?: NonNullable<TaskInstance['verify']>;
  readonly end?: End;
};

export type TaskSpec = Wordings &
  Pick<Template, 'heldOut' | 'mayBeDone'> & {
    /** `text` is the target's text, empty if it has none. */
    readonly create: (draw: Draw, text: string) => Work;
  };

const FIRST_PARAGRAPHS = 4;
const MOST_TABLES = 4;

/** A text of the document, quoted in the request. */
export const A_TEXT: TargetKind = (draw) => {
  const text = draw.text();
  return {
    slots: { text },
    plants: [text],
    goals: [selectTextGoal(text)],
    text,
    select: (document) => void selectText(document, text),
  };
};

/** A paragraph by its number. */
export const A_PARAGRAPH: TargetKind = (draw) => {
  const number = draw.random.int(1, FIRST_PARAGRAPHS);
  return { slots: { number }, goals: [selectParagraphs(number, number)], text: '', select: paragraphs(number, number) };
};

/** Several paragraphs in a row. */
export const PARAGRAPHS: TargetKind = (draw) => {
  const from = draw.random.int(1, FIRST_PARAGRAPHS - 1);
  const to = draw.random.int(from + 1, FIRST_PARAGRAPHS);
  return { slots: { from, to }, goals: [selectParagraphs(from, to)], text: '', select: paragraphs(from, to) };
};

/** A table by its number; there may be more. */
export const A_TABLE: TargetKind = (draw) => {
  const number = draw.random.int(1, MOST_TABLES);
  return {
    slots: { number },
    goals: [selectTable(number)],
    text: '',
    start: ({ document }, random) => {
      for (let i = number + random.int(0, 2); i > 0; i--) {
        document.tables.push(createTable(random.int(2, 5), random.int(2, 5)));
      }
    },
    select: (document) => {
      document.selection = { type: 'table', index: number - 1 };
    },
  };
};

export const EVERYTHING: TargetKind = () => ({
  slots: {},
  goals: [selectAll],
  text: '',
  select: (document) => {
    document.selection = { type: 'all' };
  },
});

/** The document or the window as a whole: nothing needs to be selected. */
export const NOTHING_SELECTED: TargetKind = () => ({ slots: {}, goals: [], text: '', select: () => {} });

const paragraphs = (from: number, to: number) => (document: WordDocument) => {
  document.selection = { type: 'paragraphs', from: from - 1, to: to - 1 };
};

/** Runs `edit` with the target selected; the selection is as before afterwards, unless what was selected is gone. */
function withSelection(document: WordDocument, target: Target, edit: (document: WordDocument) => void): void {
  const { selection } = document;
  target.select(document);
  edit(document);
  document.selection = selection;
}

/** `templatesOf('font')(name, target, spec)` makes one template. */
export const templatesOf =
  (family: Family) =>
  (name: string, targetKind: TargetKind, { create, ...spec }: TaskSpec): Template => ({
    ...spec,
    train: [...spec.train, ...(moreWordings[name] ?? [])],
    name,
    family,
    create: (draw) => {
      const target = targetKind(draw);
      const { slots, plants = [], goals, edit, before, start, ...rest } = create(draw, target.text);
      return {
        ...rest,
        slots: { ...target.slots, ...slots },
        plants: [...(target.plants ?? []), ...plants],
        goals: [...target.goals, ...goals],
        start: (desk, random) => {
          target.start?.(desk, random);
          if (before) withSelection(desk.document, target, (document) => before(document, random));
          start?.(desk, random);
        },
        expect: (document) => {
          if (edit) withSelection(document, target, edit);
        },
      };
    },
  });

/** Fields of a dialog, page or editor, then the button that commits them. */
export const fillAndPress = (surface: string, fields: Readonly<Record<string, string>>, button: ControlKey): Goal[] => [
  ...Object.entries(fields).map(([name, text]) => fill(`${surface}/${name}`, text)),
  press(`${surface}/${button}`),
];
