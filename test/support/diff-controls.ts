/** The difference of two control lists in the form of the API; knows the ids of both, and no more than it must of order. */
import type { ControlChangesMessage, ControlMessage } from '../../src/server/wire/messages.ts';

/** Keeps the controls of `before` whose order is the same in `after`, greedily; takes out and adds the rest. */
export function diffControls(
  before: readonly ControlMessage[],
  after: readonly ControlMessage[],
): ControlChangesMessage {
  const wanted = new Map(after.map((control, i) => [control.id ?? '', { control, place: i }]));
  const kept = new Map<string, ControlMessage>();
  let last = -1;
  for (const control of before) {
    const place = wanted.get(control.id ?? '')?.place ?? -1;
    if (place <= last) continue;
    kept.set(control.id ?? '', control);
    last = place;
  }
  const changed = after.filter(({ id }) => {
    const old = kept.get(id ?? '');
    return old !== undefined && JSON.stringify(old) !== JSON.stringify(wanted.get(id ?? '')?.control);
  });
  return {
    removed_ids: before.map(({ id }) => id ?? '').filter((id) => !kept.has(id)),
    changed,
    added: after.flatMap((control, i) =>
      kept.has(control.id ?? '') ? [] : [{ control, after_id: after[i - 1]?.id ?? '' }],
    ),
  };
}
