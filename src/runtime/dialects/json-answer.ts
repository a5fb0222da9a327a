/** Writes an action as an answer of the JSON dialect: what a model that is tuned for it would be trained to say. */
import { functionCatalog } from '../functions/catalog.ts';
import type { Action, State } from '../types.ts';
import type { PrepareOptions } from './dialect.ts';
import { NO_FUNCTION } from './ground.ts';
import { jsonText, quoted } from './json-text.ts';
import { type Segment, text } from './segment.ts';
import { factsOf } from './state-facts.ts';

type Wanted = Pick<PrepareOptions, 'thought' | 'plan'>;

/**
 * The segments of the answer that stands for `action`; its control must be in the state. Borders lie around what the state or the
 * model brings in (names, texts, numbers) and at each decision of the grammar.
 */
export function renderJsonAnswer(state: State, action: Action, { thought, plan }: Wanted = {}): readonly Segment[] {
  const { labels } = factsOf(state);
  const label = labels[state.controls.findIndex((control) => control.id === action.controlId)];
  const opening = thought === true ? ['{"thought":"', jsonText(action.thought), '",'] : ['{'];
  const control =
    label === undefined
      ? ['"control":null,"function":"']
      : ['"control":"', jsonText(label.name), `"${label.ordinal > 1 ? `,"nth":${label.ordinal}` : ''},"function":"`];
  const pieces = [
    // What opens the object and what names the control's field are one piece.
    ...opening.slice(0, -1),
    `${opening.at(-1)}${control[0]}`,
    ...control.slice(1),
    ...callPieces(action),
    ...endPieces(action, plan === true),
  ];
  return pieces.filter((piece) => piece !== '').map(text);
}

/** From the function's name to the opening quotation mark of the status; arguments that keep their default are left out. */
function callPieces({ function: name, args }: Action): string[] {
  const pieces: string[] = [];
  let piece = `${name === '' ? NO_FUNCTION : name}","args":{`;
  let comma = '';
  for (const spec of functionCatalog.get(name)?.args ?? []) {
    const value = args[spec.name];
    if (value === undefined || (!spec.required && value === spec.default)) continue;
    piece += `${comma}${quoted(spec.name)}:`;
    comma = ',';
    if (spec.type === 'string') {
      pieces.push(`${piece}"`, jsonText(String(value)));
      piece = '"';
    } else if (spec.type === 'number') {
      pieces.push(piece, String(value));
      piece = '';
    } else {
      piece += JSON.stringify(value);
    }
  }
  return [...pieces, `${piece}},"status":"`];
}

function endPieces({ status, plan }: Action, hasPlan: boolean): string[] {
  if (!hasPlan) return [`${status}"}`];
  if (plan.length === 0) return [`${status}","plan":[]}`];
  return [`${status}","plan":["`, ...plan.flatMap((step, i) => [...(i > 0 ? ['","'] : []), jsonText(step)]), '"]}'];
}
