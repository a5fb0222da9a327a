/**
 * Solves a task from any state. A decision depends on the goals, the visible controls and the history alone, so that
 * whatever it does can be learned from what a model is shown.
 */
import { MAX_PREVIOUS_ACTIONS } from '../../src/runtime/dialects/compact.ts';
import type { Args, PreviousAction, Status } from '../../src/runtime/types.ts';
import { BODY_KEY, type Goal } from './goals.ts';
import { firstOpenGoal, isShownDone, type Scene, visibleIndex } from './progress.ts';
import { type ControlKey, openersOf, placedControl } from './ui/catalog.ts';
import { isModal } from './ui/visible.ts';

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

type Move = Pick<Decision, 'function' | 'args' | 'target' | 'alternatives'> & {
  /** The move completes its goal, as opposed to getting nearer to it. */
  readonly completes: boolean;
};

export function decide(goals: readonly Goal[], scene: Scene, history: readonly PreviousAction[]): Decision {
  // Older actions are not looked at, because prompts do not show them either.
  const open = firstOpenGoal(goals, scene, history.slice(-MAX_PREVIOUS_ACTIONS));
  const evidence = goals.flatMap((goal) =>
    goal.type === 'toggle' || goal.type === 'report' ? shownAt(goal.controls, scene) : [],
  );
  const goal = goals[open];
  if (!goal) return { ...NOTHING, status: 'FINISH', evidence };
  const { completes, ...move } = moveTowards(goal, scene);
  // What toggles show now says nothing about the selection that a call is about to make.
  const later = goals.slice(open + 1);
  const isLast =
    completes && (later.length === 0 || (goal.type !== 'call' && later.every((g) => isShownDone(g, scene))));
  const alternatives = [...move.alternatives, ...(completes ? otherToggles(goal, later, scene) : [])];
  return { ...move, alternatives, status: isLast ? 'FINISH' : 'CONTINUE', evidence };
}

const NOTHING = { function: '', args: {}, target: -1, alternatives: [] } as const;

/** Toggles that follow each other can be set in any order. */
function otherToggles(goal: Goal, later: readonly Goal[], scene: Scene): number[] {
  if (goal.type !== 'toggle') return [];
  const end = later.findIndex(({ type }) => type !== 'toggle');
  return later
    .slice(0, end < 0 ? later.length : end)
    .flatMap((other) => (other.type === 'toggle' && !isShownDone(other, scene) ? shownAt(other.controls, scene) : []));
}

function shownAt(keys: readonly ControlKey[], scene: Scene): number[] {
  const index = visibleIndex(scene, keys);
  return index < 0 ? [] : [index];
}

function moveTowards(goal: Goal, scene: Scene): Move {
  const reach = approach(placesOf(goal), scene);
  if (!reach.arrived) return { function: 'click_input', args: {}, ...reach, completes: false };
  const at = { target: reach.target, alternatives: reach.alternatives, completes: true };
  switch (goal.type) {
    case 'call':
      return { ...at, function: goal.function, args: goal.args };
    case 'press':
    case 'toggle':
      return { ...at, function: 'click_input', args: {} };
    case 'fill':
      // What the field holds is not visible, so it is always cleared.
      return { ...at, function: 'set_edit_text', args: { text: goal.text, clear_current_text: true } };
    case 'wheel':
      return { ...at, function: 'wheel_mouse_input', args: { wheel_dist: goal.notches } };
    case 'report':
      return { ...at, function: 'summary', args: { text: scene.controls[at.target]?.name ?? '' }, target: -1 };
  }
}

/** Where a goal is acted on; nowhere in particular for a call on the window. */
function placesOf(goal: Goal): readonly ControlKey[] {
  if (goal.type !== 'call') return goal.controls;
  return goal.on === 'document' ? [BODY_KEY] : [];
}

type Reach = { readonly arrived: boolean; readonly target: number; readonly alternatives: readonly number[] };

/** The control to act on, or the next one to click on the way to it. */
function approach(keys: readonly ControlKey[], scene: Scene): Reach {
  const modal = scene.placed.findLast(({ surface }) => isModal(surface))?.surface;
  const usable = keys.filter((key) => !modal || placedControl(key).surface === modal);
  const target = visibleIndex(scene, usable);
  if (target >= 0) {
    const alternatives = usable.map((key) => visibleIndex(scene, [key])).filter((i) => i >= 0 && i !== target);
    return { arrived: true, target, alternatives };
  }
  if (modal) {
    const dismiss = visibleIndex(scene, [`${modal.name}/${modal.dismiss}`]);
    return { arrived: false, target: dismiss, alternatives: [] };
  }
  const last = keys.at(-1);
  if (last === undefined) return { arrived: true, target: -1, alternatives: [] };
  const place = placedControl(last).surface.name;
  const openers = openersOf(place).map(({ key }) => key);
  if (openers.length === 0) throw new Error(`${place} is closed and nothing opens it`);
  const visible = openers.filter((key) => visibleIndex(scene, [key]) >= 0);
  return { ...approach(visible.length > 0 ? visible : openers.slice(0, 1), scene), arrived: false };
}
