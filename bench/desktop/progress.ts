/** How far an episode is, from what an agent can see: the controls and the history. Never from the document. */
import type { Control, PreviousAction } from '../../src/runtime/types.ts';
import { type Goal, isSelection } from './goals.ts';
import { type ControlKey, openersOf, type Placed, placedControl } from './ui/catalog.ts';
import { BODY } from './ui/chrome.ts';

/** The part of an observation that decisions are made from. */
export type Scene = { readonly controls: readonly Control[]; readonly placed: readonly Placed[] };

/** Index of the first of `keys` that is visible; -1 if none is. */
export function visibleIndex(scene: Scene, keys: readonly ControlKey[]): number {
  for (const key of keys) {
    const index = scene.placed.findIndex((placed) => placed.key === key);
    if (index >= 0) return index;
  }
  return -1;
}

/** Index of the first goal that is still open; `goals.length` when none is. */
export function firstOpenGoal(goals: readonly Goal[], scene: Scene, history: readonly PreviousAction[]): number {
  let done = 0;
  for (const action of history) {
    if (action.resultStatus !== 'success') continue;
    const goal = goals[done];
    done = goal && fulfils(action, goal) ? done + 1 : Math.min(done, setBackBy(action, goals, done));
  }
  done = Math.min(done, lostSurface(goals, scene, done), wrongToggle(goals, scene, done));
  while (done < goals.length && isShownDone(goals[done] as Goal, scene)) done++;
  return done;
}

/** True for a toggle that is visible and in the wanted state. */
export function isShownDone(goal: Goal, scene: Scene): boolean {
  return goal.type === 'toggle' && shownState(goal, scene) === goal.on;
}

function shownState(goal: Goal & { type: 'toggle' }, scene: Scene): boolean | undefined {
  const index = visibleIndex(scene, goal.controls);
  return index < 0 ? undefined : scene.controls[index]?.selected === true;
}

function fulfils(action: PreviousAction, goal: Goal): boolean {
  switch (goal.type) {
    case 'call':
      return (
        action.function === goal.function &&
        action.controlName === (goal.on === 'document' ? BODY : '') &&
        sameArgs(action.args, goal.args)
      );
    case 'press':
    case 'toggle':
      return action.function === 'click_input' && isNamed(goal.controls, action.controlName);
    case 'fill':
      return isFill(action, goal) && action.args['text'] === goal.text;
    case 'wheel':
      return action.function === 'wheel_mouse_input' && action.args['wheel_dist'] === goal.notches;
    case 'report':
      return action.function === 'summary';
  }
}

/** The goal from which on an action has undone the progress; `done` if it has not. */
function setBackBy(action: PreviousAction, goals: readonly Goal[], done: number): number {
  if (isSelection(action)) {
    const selection = goals.findIndex((goal) => goal.type === 'call' && isSelection(goal));
    if (selection < 0) return done;
    return fulfils(action, goals[selection] as Goal) ? done : selection;
  }
  const refilled = goals.findIndex((goal, i) => i < done && goal.type === 'fill' && isFill(action, goal));
  if (refilled >= 0 && !fulfils(action, goals[refilled] as Goal)) return refilled;
  const surface = openGroup(goals, done);
  const reopens = surface !== null && openersOf(surface).some(({ spec }) => spec.name === action.controlName);
  return reopens && action.function === 'click_input' ? groupStart(goals, done) : done;
}

/** What was entered in a dialog or draft that is no longer there has to be entered again. */
function lostSurface(goals: readonly Goal[], scene: Scene, done: number): number {
  const surface = openGroup(goals, done);
  if (surface === null || scene.placed.some((placed) => placed.surface.name === surface)) return done;
  return groupStart(goals, done);
}

function wrongToggle(goals: readonly Goal[], scene: Scene, done: number): number {
  const index = goals.findIndex(
    (goal, i) => i < done && goal.type === 'toggle' && shownState(goal, scene) === !goal.on,
  );
  return index < 0 ? done : index;
}

/** The dialog or editor that holds both the goal done last and the next one; null otherwise. */
function openGroup(goals: readonly Goal[], done: number): string | null {
  const before = groupOf(goals[done - 1]);
  return before !== null && before === groupOf(goals[done]) ? before : null;
}

function groupStart(goals: readonly Goal[], done: number): number {
  let start = done;
  while (start > 0 && groupOf(goals[start - 1]) === groupOf(goals[done])) start--;
  return start;
}

function groupOf(goal: Goal | undefined): string | null {
  if (!goal || goal.type === 'call') return null;
  const { surface } = placedControl(goal.controls.at(-1) ?? '');
  return surface.kind === 'dialog' || surface.kind === 'editor' ? surface.name : null;
}

function isFill(action: PreviousAction, goal: Goal & { type: 'fill' }): boolean {
  return action.function === 'set_edit_text' && isNamed(goal.controls, action.controlName);
}

function isNamed(keys: readonly ControlKey[], name: string): boolean {
  return keys.some((key) => placedControl(key).spec.name === name);
}

function sameArgs(a: PreviousAction['args'], b: PreviousAction['args']): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
