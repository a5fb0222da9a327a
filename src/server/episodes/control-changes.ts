/** Applies a difference of two control lists to the first of them. Takes time in proportion to their lengths. */
import { invalid } from '../../runtime/index.ts';
import type { ControlChangesMessage, ControlMessage } from '../wire/messages.ts';

/** In the place of an id: what comes in front of the first control. */
const START = '';

/** Throws `invalid_request` that names the first entry which does not fit the base. Ids in `base` are unique. */
export function applyControlChanges(
  base: readonly ControlMessage[],
  changes: ControlChangesMessage,
): readonly ControlMessage[] {
  const list = new ControlList(base);
  changes.removed_ids?.forEach((id, i) => {
    if (!list.remove(id)) throw invalid(`control_changes.removed_ids[${i}]`, 'not the id of a control of the base');
  });
  changes.changed?.forEach((control, i) => {
    if (!list.replace(control)) {
      throw invalid(`control_changes.changed[${i}].id`, 'not the id of a control of the base that is still there');
    }
  });
  changes.added?.forEach((entry, i) => {
    const path = `control_changes.added[${i}]`;
    const { control } = entry;
    if (!control?.id) throw invalid(`${path}.control.id`, 'required');
    if (list.has(control.id)) throw invalid(`${path}.control.id`, 'the id of a control that is there already');
    const afterId = entry.after_id ?? START;
    if (afterId !== START && !list.has(afterId)) throw invalid(`${path}.after_id`, 'not the id of a control before it');
    list.insert(control, afterId);
  });
  return [...list.controls()];
}

/** Linked both ways by id, so that no change moves what lies behind it. */
class ControlList {
  readonly #controls = new Map<string, ControlMessage>();
  readonly #next = new Map<string, string>();
  readonly #previous = new Map<string, string>();

  constructor(controls: readonly ControlMessage[]) {
    this.#link(START, START);
    let last = START;
    for (const control of controls) {
      this.insert(control, last);
      last = control.id ?? '';
    }
  }

  has(id: string): boolean {
    return this.#controls.has(id);
  }

  insert(control: ControlMessage, afterId: string): void {
    const id = control.id ?? '';
    const next = this.#next.get(afterId) ?? START;
    this.#controls.set(id, control);
    this.#link(afterId, id);
    this.#link(id, next);
  }

  replace(control: ControlMessage): boolean {
    const id = control.id ?? '';
    if (!this.#controls.has(id)) return false;
    this.#controls.set(id, control);
    return true;
  }

  remove(id: string): boolean {
    if (!this.#controls.delete(id)) return false;
    this.#link(this.#previous.get(id) ?? START, this.#next.get(id) ?? START);
    this.#next.delete(id);
    this.#previous.delete(id);
    return true;
  }

  *controls(): Generator<ControlMessage> {
    for (let id = this.#next.get(START); id !== undefined && id !== START; id = this.#next.get(id)) {
      const control = this.#controls.get(id);
      if (control !== undefined) yield control;
    }
  }

  #link(id: string, next: string): void {
    this.#next.set(id, next);
    this.#previous.set(next, id);
  }
}
