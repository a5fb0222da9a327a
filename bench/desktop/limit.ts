/**
 * How a client keeps a control list within its budget. It cannot know which control will be needed, so it shortens what
 * has most of the same: the longest runs of list items lose items first, but not the last ones of a run, because what
 * pops up comes last in the tree. What is selected stays, and what shares a word with the request (the text filter of UFO's
 * clients).
 */
import type { Control } from '../../src/runtime/types.ts';

export type Limit = {
  /** Most controls to send. */
  readonly maxControls: number;
  /** Its words protect the controls that have one of them in their name. */
  readonly request: string;
};

/** UFO captures at most as many. */
export const NO_LIMIT: Limit = { maxControls: 500, request: '' };
/** About the mean of an Office window; fits a context of 1,024 tokens. */
export const USUAL_MAX_CONTROLS = 165;

const LIST_TYPES: readonly string[] = ['ListItem', 'TreeItem', 'DataItem', 'Hyperlink', 'MenuItem'];
/** Shorter words are in too many names to say anything. */
const WORD = /[\p{L}\p{N}]{3,}/gu;

/** As many as the largest menus have. */
const KEPT_AT_END = 40;

type Listed = Pick<Control, 'name' | 'type' | 'selected'>;

/** The items to send, in their order; more than `maxControls` only if protected ones and other types are more. */
export function limitControls<T>(items: readonly T[], controlOf: (item: T) => Listed, limit: Limit): readonly T[] {
  let excess = items.length - limit.maxControls;
  if (excess <= 0) return items;
  const words = new Set(wordsOf(limit.request));
  const isExpendable = (item: T): boolean => {
    const { name, type, selected } = controlOf(item);
    return LIST_TYPES.includes(type) && selected !== true && !wordsOf(name).some((word) => words.has(word));
  };
  const runs = runsOf(items, controlOf).map((run) => run.filter((i) => isExpendable(items[i] as T)));
  const dropped = new Set<number>();
  while (excess-- > 0) {
    const longest = runs.reduce<number[]>((best, run) => (run.length > best.length ? run : best), []);
    const [next] = longest.splice(Math.max(0, longest.length - 1 - KEPT_AT_END), 1);
    if (next === undefined) break;
    dropped.add(next);
  }
  return items.filter((_, i) => !dropped.has(i));
}

/** Indices of neighbours of the same type. */
function runsOf<T>(items: readonly T[], controlOf: (item: T) => Listed): number[][] {
  const runs: number[][] = [];
  let lastType = '';
  for (const [i, item] of items.entries()) {
    const { type } = controlOf(item);
    if (type === lastType) runs.at(-1)?.push(i);
    else runs.push([i]);
    lastType = type;
  }
  return runs;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}
