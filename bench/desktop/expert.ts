/**
 * Solves a task from any state. A decision depends on the goals, the visible controls and the history alone, so that
 * whatever it does can be learned from what a model is shown.
 */
import { MAX_PREVIOUS_ACTIONS } from '../../src/runtime/dialects/compact.ts';
import type { Args, PreviousAction, Status } from '../../src/runtime/types.ts';
import { BODY_KEY, controlsOfGoal, type Goal, isSelection } from './goals.ts';
import { firstOpenGoal, isRefused, isShownDone, type Scene, visibleIndex } from './progress.ts';
import { approach, type Reach } from './reach.ts';
import type { ControlKey } from './ui/catalog.ts';
import { ENABLE_EDITING, LOCKED } from './ui/messages.ts';

export type Decision = {
  /** Empty when nothing is left to do. */
  readonly function: string;
  readonly args: Args;
  /** Index of the target in the observation's controls; -1 for the window. */
  readonly target: number;
  readonly status: Status;
  /** Indices of other controls that would do as well. */
  readonly alternatives: readonly number[];
  /** Indices of the controls whose state the decision rests on, the target aside. */
  readonly evidence: readonly number[];
};

export function decide(goals: readonly Goal[], scene: Scene, history: readonly PreviousAction[]): Decision {
  // Older actions are not looked at, because prompts do not show them either.
  const recent = history.slice(-MAX_PREVIOUS_ACTIONS);
  const open = firstOpenGoal(goals, scene, recent);
  const goal = goals[open];
  const evidence = goals.flatMap((other) =>
    other.type === 'toggle' || other.type === 'read' ? shownAt(other.controls, scene) : [],
  );
  if (!goal) return { ...NOTHING, status: 'FINISH', evidence };
  const locked = lockedAt(goals, scene);
  if (goal.type === 'impossible' || locked.length > 0 || isRefused(goal, recent)) {
    return { ...NOTHING, status: 'FAIL', evidence: [...evidence, ...locked] };
  }
  const guard = goal.type === 'read' ? [] : shownAt([ENABLE_EDITING], scene);
  const isGuarded = guard.length > 0;
  evidence.push(...guard);
  const reach = approach(isGuarded ? [ENABLE_EDITING] : placesOf(goal), scene);
  evidence.push(...reach.evidence);
  if (reach.type === 'dead end') return { ...NOTHING, status: 'FAIL', evidence };
  const { target, alternatives } = reach;
  if (isGuarded || !reach.arrived) return { ...CLICK, target, alternatives, status: 'CONTINUE', evidence };
  return { ...act(goal, reach, { later: goals.slice(open + 1), scene }), evidence };
}

const NOTHING = { function: '', args: {}, target: -1, alternatives: [] } as const;
const CLICK = { function: 'click_input', args: {} } as const;

/** Does what the goal asks for; the control is at hand. */
function act(
  goal: Goal,
  { target, alternatives }: Reach & { type: 'way' },
  { later, scene }: { readonly later: readonly Goal[]; readonly scene: Scene },
): Omit<Decision, 'evidence'> {
  // What toggles show now says nothing about the selection that a call is about to make.
  const isLast = later.length === 0 || (goal.type !== 'call' && later.every((other) => isShownDone(other, scene)));
  const isSensitive = goal.type === 'press' && scene.placed[target]?.spec.sensitive === true;
  return {
    ...callFor(goal),
    target,
    alternatives: [...alternatives, ...otherToggles(goal, later, scene)],
    status: isSensitive ? 'CONFIRM' : isLast ? 'FINISH' : 'CONTINUE',
  };
}

function callFor(goal: Goal): Pick<Decision, 'function' | 'args'> {
  switch (goal.type) {
    case 'call':
      return { function: goal.function, args: goal.args };
    case 'press':
    case 'toggle':
      return CLICK;
    case 'fill':
      // What the field holds is not visible, so it is always cleared.
      return { function: 'set_edit_text', args: { text: goal.text, clear_current_text: true } };
    case 'wheel':
      return { function: 'wheel_mouse_input', args: { wheel_dist: goal.notches } };
    case 'read':
      return { function: 'texts', args: {} };
    case 'impossible':
      return { function: '', args: {} };
  }
}

/** Toggles that follow each other can be set in any order. */
function otherToggles(goal: Goal, later: readonly Goal[], scene: Scene): number[] {
  if (goal.type !== 'toggle') return [];
  const end = later.findIndex(({ type, part }) => type !== 'toggle' || part !== goal.part);
  return later
    .slice(0, end < 0 ? later.length : end)
    .flatMap((other) => (other.type === 'toggle' && !isShownDone(other, scene) ? usableAt(other.controls, scene) : []));
}

function usableAt(keys: readonly ControlKey[], scene: Scene): readonly number[] {
  const reach = approach(keys, scene);
  return reach.type === 'way' && reach.arrived ? [reach.target] : [];
}

function shownAt(keys: readonly ControlKey[], scene: Scene): number[] {
  const index = visibleIndex(scene, keys);
  return index < 0 ? [] : [index];
}

/** Where the window says that it may not be edited, if that is what the goals are about to do. */
function lockedAt(goals: readonly Goal[], scene: Scene): number[] {
  const edits = goals.length > 1 && goals.some((goal) => goal.type === 'call' && isSelection(goal));
  return edits ? shownAt([LOCKED], scene) : [];
}

/** Where a goal is acted on; nowhere in particular for a call on the window. */
function placesOf(goal: Goal): readonly ControlKey[] {
  if (goal.type === 'call') return goal.on === 'document' ? [BODY_KEY] : [];
  return controlsOfGoal(goal);
}
