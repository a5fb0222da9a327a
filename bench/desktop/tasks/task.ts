/** What a task template is: parameters, wordings, goals, and what the document must be like afterwards. */
import type { Desk } from '../desk.ts';
import type { WordDocument } from '../document.ts';
import type { Goal } from '../goals.ts';
import type { Random } from '../random.ts';
import type { Draw } from './draw.ts';

/** How a task ends when it is done right: done; cannot be done; left to a person to confirm. */
export const ENDS = ['FINISH', 'FAIL', 'CONFIRM'] as const;
export type End = (typeof ENDS)[number];

export type Slots = Readonly<Record<string, string | number>>;

/** One task with its parameters drawn. */
export type TaskInstance = {
  /** Values of the slots in the wordings: `{text}` is quoted, `{=name}` too but never called a text, `<number>` is not. */
  readonly slots: Slots;
  /** Texts that the document has to contain, each once and each in a paragraph of its own. */
  readonly plants?: readonly string[];
  readonly goals: readonly Goal[];
  /** Makes of the document at the start what it has to be at the end. */
  readonly expect: (document: WordDocument) => void;
  /** What else must hold at the end, beyond the document's content: the selection, or the answers given. */
  readonly verify?: (end: { readonly document: WordDocument; readonly results: readonly string[] }) => boolean;
  /** Prepares the document before the episode starts. */
  readonly start?: (desk: Desk, random: Random) => void;
  /** Default `FINISH`. */
  readonly end?: End;
  /** Of a request of several parts: each part with its template. */
  readonly parts?: readonly TaskPart[];
};

export type TaskPart = { readonly template: Template; readonly instance: TaskInstance };

export type Wordings = {
  /** Patterns (see `wording.ts`); one that starts with `!` is a whole sentence that takes no "please" in front. */
  readonly train: readonly string[];
  readonly test: readonly string[];
};

/** Patterns for training that do not stand beside their template, by its name. */
export type MoreWordings = Readonly<Record<string, readonly string[]>>;

export const FAMILIES = [
  'character',
  'font',
  'paragraph',
  'style',
  'table',
  'page',
  'insertion',
  'note',
  'reference',
  'search',
  'review',
  'view',
  'file',
  'multi',
  'fail',
  'confirm',
] as const;
export type Family = (typeof FAMILIES)[number];

export type Template = Wordings & {
  readonly name: string;
  readonly family: Family;
  /** A request of several parts: it has no wordings of its own. */
  readonly parts?: true;
  /** Never trained on. */
  readonly heldOut?: boolean;
  /** The goals show that they are reached already, so that an episode may start with the task done. */
  readonly mayBeDone?: boolean;
  readonly create: (draw: Draw) => TaskInstance;
};
