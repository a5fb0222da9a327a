/** Reads the list of controls: the largest part of a request. */
import { type Control, invalid } from '../../runtime/index.ts';
import { type TextKind, textProblem } from '../text.ts';
import type { ControlMessage } from '../wire/messages.ts';
import { MAX_FUNCTION, MAX_ID, MAX_NAME } from './limits.ts';

/** Builds each control once, in one shape, whatever mixture of absent fields the client sent. */
export function readControls(messages: readonly ControlMessage[], maxControls: number): readonly Control[] {
  if (messages.length > maxControls) {
    throw invalid('controls', `${messages.length} controls, at most ${maxControls} are allowed`);
  }
  const ids = new Map<string, number>();
  return messages.map((message, i) => {
    const control = readControl(message, i);
    const first = ids.get(control.id);
    if (first !== undefined) throw invalid(`controls[${i}].id`, `the same as controls[${first}].id`);
    ids.set(control.id, i);
    return control;
  });
}

function readControl(message: ControlMessage, index: number): Control {
  const id = message.id ?? '';
  const name = message.name ?? '';
  const type = message.type ?? '';
  // Paths of fields are rendered only on failure: there are up to 500 controls of 6 fields.
  const check = (field: keyof ControlMessage, text: string, [kind, maxLength]: readonly [TextKind, number]) => {
    const problem = textProblem(text, kind, maxLength);
    if (problem !== undefined) throw invalid(`controls[${index}].${field}`, problem);
  };
  if (id === '') throw invalid(`controls[${index}].id`, 'required');
  if (type === '') throw invalid(`controls[${index}].type`, 'required');
  check('id', id, ['name', MAX_ID]);
  check('name', name, ['text', MAX_NAME]);
  check('type', type, ['name', MAX_FUNCTION]);
  check('automation_id', message.automation_id ?? '', ['text', MAX_NAME]);
  check('source', message.source ?? '', ['name', MAX_ID]);
  const rect = message.rect ?? [];
  if (rect.length !== 0 && rect.length !== 4) {
    throw invalid(`controls[${index}].rect`, `expected left, top, right, bottom, got ${rect.length} numbers`);
  }
  return {
    id,
    name,
    type,
    ...(rect.length === 4 && { rect: rect as [number, number, number, number] }),
    ...(message.automation_id && { automationId: message.automation_id }),
    ...(typeof message.enabled === 'boolean' && { enabled: message.enabled }),
    ...(typeof message.selected === 'boolean' && { selected: message.selected }),
  };
}
