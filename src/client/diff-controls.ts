/** The difference of two control lists, as the gateway applies it. Takes n log n time. */
import type { AddedControl, Control, ControlChanges } from './messages.ts';

export type ControlDifference = Omit<ControlChanges, 'base_hash'>;

/**
 * What turns `base` into `next`. Undefined when that cannot be said, because an id occurs twice, or when it would not be
 * shorter than `next` itself.
 *
 * Of the controls that both lists have, the longest run that is in the same order stays in place; the others are removed
 * and added again, because a change keeps a control where it is.
 */
export function diffControls(base: readonly Control[], next: readonly Control[]): ControlDifference | undefined {
  const baseById = new Map(base.map((control, i) => [control.id, { control, index: i }]));
  const nextIds = new Set(next.map(({ id }) => id));
  if (baseById.size < base.length || nextIds.size < next.length || nextIds.has('')) return undefined;

  const indexes = next.flatMap(({ id }) => baseById.get(id)?.index ?? []);
  const staying = new Set(longestIncreasing(indexes));
  const changed: Control[] = [];
  const added: AddedControl[] = [];
  let after_id = '';
  for (const control of next) {
    const before = baseById.get(control.id);
    if (before === undefined || !staying.has(before.index)) added.push({ control, after_id });
    else if (!isSame(before.control, control)) changed.push(control);
    after_id = control.id;
  }
  if (changed.length + added.length > next.length / 2) return undefined;
  const removed_ids = base.filter((_, i) => !staying.has(i)).map(({ id }) => id);
  return { removed_ids, changed, added };
}

const FIELDS = ['name', 'type', 'automation_id', 'enabled', 'selected', 'source'] as const;

/** An absent field is not the same as one that says the default: the gateway tells them apart where it matters. */
function isSame(a: Control, b: Control): boolean {
  if (FIELDS.some((field) => a[field] !== b[field])) return false;
  const { rect: before = [] } = a;
  const { rect: after = [] } = b;
  return before.length === after.length && before.every((side, i) => side === after[i]);
}

/** A longest strictly increasing subsequence of distinct numbers. */
function longestIncreasing(numbers: readonly number[]): readonly number[] {
  // ends[k]: where the smallest number is that a run of k + 1 can end with.
  const ends: number[] = [];
  const previous: (number | undefined)[] = [];
  numbers.forEach((number, i) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((numbers[ends[middle] ?? 0] ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    previous[i] = ends[low - 1];
    ends[low] = i;
  });
  const run: number[] = [];
  for (let i = ends.at(-1); i !== undefined; i = previous[i]) run.push(numbers[i] ?? 0);
  return run;
}
