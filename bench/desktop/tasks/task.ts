/** What a task template is: parameters, wordings, goals, and what the document must be like afterwards. */
import type { Desk } from '../desk.ts';
import type { WordDocument } from '../document.ts';
import type { Goal } from '../goals.ts';
import type { Random } from '../random.ts';
import type { Draw } from './draw.ts';

/** One task with its parameters drawn. */
export type TaskInstance = {
  /** Values of the `<slots>` in the wordings; `{text}` slots are put in quotation marks. */
  readonly slots: Readonly<Record<string, string | number>>;
  /** Texts that the document has to contain, each once and each in a paragraph of its own. */
  readonly plants?: readonly string[];
  readonly goals: readonly Goal[];
  /** Makes of the document at the start what it has to be at the end. */
  readonly expect: (document: WordDocument) => void;
  /** What else must hold at the end, beyond the document's content: the selection, or the answer given. */
  readonly verify?: (end: { readonly document: WordDocument; readonly result: string }) => boolean;
  /** Prepares the document before the episode starts. */
  readonly start?: (desk: Desk, random: Random) => void;
};

export type Template = {
  readonly name: string;
  /** Wordings; one that starts with `!` is a whole sentence that takes no "please" in front. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** The goals show that they are reached already, so that an episode may start with the task done. */
  readonly mayBeDone?: boolean;
  readonly create: (draw: Draw) => TaskInstance;
};
