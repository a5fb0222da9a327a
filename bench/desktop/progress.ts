/** How far an episode is, from what an agent can see: the controls and the history. Never from the document. */
import type { Control, PreviousAction } from '../../src/runtime/types.ts';
import { controlsOfGoal, type Goal, isSelection, partOf } from './goals.ts';
import { isCalled } from './ui/aliases.ts';
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

/** What a goal asks for was tried, and does not exist: a text, a paragraph or a table that the document has not. */
export function isRefused(goal: Goal, history: readonly PreviousAction[]): boolean {
  return history.some(
    (action) => action.resultStatus === 'failure' && fulfils(action, goal) && NOT_THERE.test(action.error),
  );
}

const NOT_THERE = /^Text .* not found|out of range/;

function shownState(goal: Goal & { type: 'toggle' }, scene: Scene): boolean | undefined {
  const index = visibleIndex(scene, goal.controls);
  return index < 0 ? undefined : scene.controls[index]?.selected === true;
}

function fulfils(action: PreviousAction, goal: Goal): boolean {
  switch (goal.type) {
    case 'call':
      return (
        action.function === goal.function &&
        (goal.on === 'document' ? isCalled(BODY, action.controlName) : action.controlName === '') &&
        sameArgs(action.args, goal.args)
      );
    case 'press':
    case 'toggle':
      return action.function === 'click_input' && isNamed(goal.controls, action.controlName);
    case 'fill':
      return isFill(action, goal) && action.args['text'] === goal.text;
    case 'wheel':
      return action.function === 'wheel_mouse_input' && action.args['wheel_dist'] === goal.notches;
    case 'read':
      // Such a control is named by what it says.
      return action.function === 'texts' && !isCalled(BODY, action.controlName);
    case 'impossible':
      return false;
  }
}

/** The goal from which on an action has undone the progress; `done` if it has not. Earlier parts stay done. */
function setBackBy(action: PreviousAction, goals: readonly Goal[], done: number): number {
  const isEarlier = (goal: Goal, i: number): boolean => i < done && partOf(goal) === partOf(goals[done]);
  if (isSelection(action)) {
    const selection = goals.findLastIndex((goal, i) => isEarlier(goal, i) && goal.type === 'call' && isSelection(goal));
    return selection < 0 || fulfils(action, goals[selection] as Goal) ? done : selection;
  }
  const refilled = goals.findIndex((goal, i) => isEarlier(goal, i) && goal.type === 'fill' && isFill(action, goal));
  if (refilled >= 0 && !fulfils(action, goals[refilled] as Goal)) return refilled;
  const surface = openGroup(goals, done);
  const reopens = surface !== null && openersOf(surface).some(({ key }) => isNamed([key], action.controlName));
  return reopens && action.function === 'click_input' ? groupStart(goals, done) : done;
}

/** What was entered in a dialog or draft that is no longer there has to be entered again. */
function lostSurface(goals: readonly Goal[], scene: Scene, done: number): number {
  const surface = openGroup(goals, done);
  if (surface === null || scene.placed.some((placed) => placed.surface.name === surface)) return done;
  return groupStart(goals, done);
}

/** A toggle of the current part that is shown in the wrong state again. */
function wrongToggle(goals: readonly Goal[], scene: Scene, done: number): number {
  const part = partOf(goals[Math.min(done, goals.length - 1)]);
  const index = goals.findIndex(
    (goal, i) => i < done && partOf(goal) === part && goal.type === 'toggle' && shownState(goal, scene) === !goal.on,
  );
  return index < 0 ? done : index;
}

/** The dialog, page or editor that holds both the goal done last and the next one of the same part; null otherwise. */
function openGroup(goals: readonly Goal[], done: number): string | null {
  const before = groupOf(goals[done - 1]);
  const isSame = before === groupOf(goals[done]) && partOf(goals[done - 1]) === partOf(goals[done]);
  return before !== null && isSame ? before : null;
}

function groupStart(goals: readonly Goal[], done: number): number {
  let start = done;
  while (start > 0 && openGroup(goals, start) !== null) start--;
  return start;
}

const FIELD_KINDS: readonly string[] = ['dialog', 'page', 'editor'];

function groupOf(goal: Goal | undefined): string | null {
  const key = goal && controlsOfGoal(goal).at(-1);
  if (key === undefined) return null;
  const { surface } = placedControl(key);
  return FIELD_KINDS.includes(surface.kind) ? surface.name : null;
}

function isFill(action: PreviousAction, goal: Goal & { type: 'fill' }): boolean {
  return action.function === 'set_edit_text' && isNamed(goal.controls, action.controlName);
}

function isNamed(keys: readonly ControlKey[], name: string): boolean {
  return keys.some((key) => isCalled(placedControl(key).spec.name, name));
}

function sameArgs(a: PreviousAction['args'], b: PreviousAction['args']): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
