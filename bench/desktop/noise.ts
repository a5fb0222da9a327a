/** Off-path actions: what a weak model does wrong. They never damage the document, so that the task can still be done. */
import type { Desk } from './desk.ts';
import { documentText } from './document.ts';
import type { Call } from './executor.ts';
import type { Decision } from './expert.ts';
import { onDocument } from './goals.ts';
import type { Observation } from './observe.ts';
import type { Random } from './random.ts';
import type { Placed } from './ui/catalog.ts';
import { isUsable, modalSurface } from './ui/visible.ts';
import { phrase } from './words.ts';

export type Moment = { readonly desk: Desk; readonly observation: Observation; readonly decision: Decision };
type Mistake = (moment: Moment, random: Random) => Call | null;

/** The call that a decision stands for. */
export function callOf({ observation, decision }: Pick<Moment, 'observation' | 'decision'>): Call {
  const control = observation.controls[decision.target];
  return {
    function: decision.function,
    args: decision.args,
    controlId: control?.id ?? '',
    controlName: control?.name ?? '',
  };
}

/** A random mistake that can be made now. */
export function randomMistake(moment: Moment, random: Random): Call {
  for (;;) {
    const call = random.pick(MISTAKES)(moment, random);
    if (call) return call;
  }
}

const MISTAKES: readonly Mistake[] = [
  clickWhere(({ spec, surface }) => surface.name === 'Tabs' && spec.opens !== undefined),
  clickWhere(({ spec, surface }) => surface.name === 'Tabs' && spec.opens !== undefined),
  clickWhere(opensSomethingElse),
  clickWhere(opensSomethingElse),
  clickWhere(({ spec }) => spec.type === 'Button' && !spec.click && spec.opens === undefined),
  // Leaves a dialog or the backstage without an effect.
  clickWhere(({ spec, surface }) => surface.dismiss === spec.name && surface.kind !== 'editor'),
  selectOtherText,
  selectMissingText,
  missTheControl,
  missTheControl,
  fillWrongText,
];

/** The tabs of a dialog are left alone: their names are also those of buttons that tasks are about. */
function opensSomethingElse({ spec, surface }: Placed): boolean {
  return (
    surface.kind !== 'chrome' && spec.opens !== undefined && !(surface.kind === 'dialog' && spec.type === 'TabItem')
  );
}

function clickWhere(accepts: (placed: Placed) => boolean): Mistake {
  return (moment, random) => {
    const candidates = usable(moment).filter((i) => accepts(moment.observation.placed[i] as Placed));
    if (candidates.length === 0) return null;
    return clickAt(moment, random.pick(candidates));
  };
}

/** Indices of enabled controls that no modal surface covers. */
function usable({ desk, observation }: Moment): number[] {
  const modal = modalSurface(desk);
  return observation.placed.flatMap(({ surface }, i) =>
    !isUsable(surface, modal) || observation.controls[i]?.enabled === false ? [] : [i],
  );
}

function clickAt({ observation }: Moment, target: number): Call {
  return callOf({ observation, decision: { ...CLICK, target } });
}

const CLICK: Decision = {
  function: 'click_input',
  args: {},
  target: -1,
  status: 'CONTINUE',
  alternatives: [],
  evidence: [],
};

function selectOtherText(moment: Moment, random: Random): Call | null {
  const words = documentText(moment.desk.document)
    .split(/\s+/)
    .filter((text) => text.length > 3);
  return words.length === 0 ? null : callOnBody(moment, random.pick(words));
}

function selectMissingText(moment: Moment, random: Random): Call | null {
  return callOnBody(moment, phrase(random));
}

function callOnBody({ observation }: Moment, text: string): Call | null {
  const target = observation.controls.findIndex(({ type }) => type === 'Document');
  if (target < 0) return null;
  const goal = onDocument('select_text', { text });
  return goal.type === 'call' ? callOf({ observation, decision: { ...CLICK, ...goal, target } }) : null;
}

/** The right action on an id that does not exist any more, as when the window was redrawn in between. */
function missTheControl({ observation, decision }: Moment): Call | null {
  if (decision.target < 0) return null;
  return { ...callOf({ observation, decision }), controlId: String(observation.controls.length + 1) };
}

/** Only in dialogs, where nothing has an effect before OK: the field to be filled now, or any field of a wrong dialog. */
function fillWrongText(moment: Moment, random: Random): Call | null {
  const { placed } = moment.observation;
  const target = placed[moment.decision.target];
  const isFillable = (i: number): boolean => placed[i]?.surface.kind === 'dialog' && placed[i]?.spec.fill !== undefined;
  const isWrongDialog = target?.surface.dismiss === target?.spec.name;
  const fields = isWrongDialog ? usable(moment).filter(isFillable) : [moment.decision.target].filter(isFillable);
  if (fields.length === 0) return null;
  return { ...clickAt(moment, random.pick(fields)), function: 'set_edit_text', args: { text: phrase(random) } };
}
