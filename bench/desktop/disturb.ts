/** Draws how a window differs from the ideal one, and says what of it makes the task impossible. */
import { type Disturbance, UNDISTURBED } from './disturbance.ts';
import { BODY_KEY, controlsOfGoal, type Goal, isSelection } from './goals.ts';
import type { Random } from './random.ts';
import type { TaskInstance } from './tasks/task.ts';
import { ALIASES } from './ui/aliases.ts';
import { type ControlKey, openersOf, placedControl } from './ui/catalog.ts';
import { popUps } from './ui/messages.ts';

export const DISTURBANCES = [
  'pop-up',
  'missing',
  'renamed',
  'doubled',
  'halved',
  'failing call',
  'protected view',
  'dead',
  'locked',
] as const;
export type DisturbanceKind = (typeof DISTURBANCES)[number];

type Drawn = Partial<Disturbance> & { readonly isFatal?: boolean };
type Situation = { readonly task: TaskInstance; readonly keys: readonly ControlKey[]; readonly random: Random };

/** Share of windows with no disturbance at all, and of the others with two. */
const QUIET_SHARE = 0.55;
const DOUBLE_SHARE = 0.25;

export type Outcome = {
  readonly disturbance: Disturbance;
  readonly kinds: readonly DisturbanceKind[];
  /** The task cannot be done any more. */
  readonly isFatal: boolean;
};

export const NO_DISTURBANCE: Outcome = { disturbance: UNDISTURBED, kinds: [], isFatal: false };

/** Disturbances for a task. `mayBeFatal` is false where the task has to stay possible. */
export function drawDisturbance(task: TaskInstance, random: Random, mayBeFatal: boolean): Outcome {
  let outcome = NO_DISTURBANCE;
  if (random.chance(QUIET_SHARE)) return outcome;
  const situation: Situation = { task, keys: keysOnTheWay(task.goals), random };
  const wanted = random.chance(DOUBLE_SHARE) ? 2 : 1;
  for (const kind of random.shuffle(DISTURBANCES)) {
    if (outcome.kinds.length === wanted || outcome.isFatal) break;
    // What is fatal comes alone: another disturbance might save the task again.
    if (FATAL.includes(kind) && (!mayBeFatal || outcome.kinds.length > 0)) continue;
    const drawn = DRAWS[kind](situation);
    if (!drawn) continue;
    const { isFatal = false, ...change } = drawn;
    outcome = { disturbance: { ...outcome.disturbance, ...change }, kinds: [...outcome.kinds, kind], isFatal };
  }
  return outcome;
}

const FATAL: readonly DisturbanceKind[] = ['dead', 'locked'];
/** Calls after which something happens. */
const EARLY = 3;

const DRAWS: Readonly<Record<DisturbanceKind, (situation: Situation) => Drawn | null>> = {
  'pop-up': ({ random }) => ({ popUps: new Map([[random.int(1, EARLY), random.pick(popUps).name]]) }),
  /** Of several places that would do, the preferred ones are not there. */
  missing: ({ task }) => {
    const keys = task.goals.flatMap((goal) => [...controlsOfGoal(goal).slice(0, -1), ...firstOfSeveralOpeners(goal)]);
    return keys.length === 0 ? null : { missing: new Set(keys) };
  },
  renamed: ({ keys, random }) => {
    const renamable = keys.filter((key) => ALIASES[placedControl(key).spec.name] !== undefined);
    if (renamable.length === 0) return null;
    const chosen = renamable.filter(() => random.chance(0.6));
    const names = (chosen.length > 0 ? chosen : renamable).map((key) => {
      const aliases = ALIASES[placedControl(key).spec.name] ?? [];
      return [key, random.pick(aliases)] as const;
    });
    return { renamed: new Map(names) };
  },
  doubled: ({ keys, random }) => (keys.length === 0 ? null : { doubled: new Set([random.pick(keys)]) }),
  halved: ({ task }) => {
    const menus = task.goals
      .flatMap(controlsOfGoal)
      .map((key) => placedControl(key).surface)
      .filter(({ kind, controls }) => kind === 'menu' && controls.length >= SHORTEST_HALVED);
    return menus.length === 0 ? null : { halved: new Set(menus.map(({ name }) => name)) };
  },
  'failing call': ({ task, random }) => {
    const last = Math.min(EARLY, countSureCalls(task.goals)) - 1;
    return last < 0 ? null : { failingCalls: new Set([random.int(0, last)]) };
  },
  'protected view': ({ task }) => (task.goals.every(canBeGuarded) ? { guard: 'protected view' } : null),
  /** The control that the task is about is not there, or greyed out. */
  dead: ({ task, random }) => {
    const goal = task.goals.find((candidate) => controlsOfGoal(candidate).length > 0);
    const key = goal && killable(goal);
    if (key === undefined || key === null) return null;
    const keys = new Set([key]);
    return { ...(random.chance(0.5) ? { missing: keys } : { disabled: keys }), isFatal: true };
  },
  locked: ({ task }) => {
    const edits = task.goals.length > 1 && task.goals.some((goal) => goal.type === 'call' && isSelection(goal));
    return edits ? { guard: 'locked', isFatal: true } : null;
  },
};

const SHORTEST_HALVED = 8;

/** Calls that come before the last one in any case: an agent that has said FINISH does not see that its call failed. */
function countSureCalls(goals: readonly Goal[]): number {
  const firstToggle = goals.findIndex(({ type }) => type === 'toggle');
  return Math.min(firstToggle < 0 ? goals.length : firstToggle, goals.length - 1);
}

/** The first button that opens the place of a goal, if a button on another tab does as well. */
function firstOfSeveralOpeners(goal: Goal): ControlKey[] {
  const key = controlsOfGoal(goal).at(-1);
  const place = key && placedControl(key).surface;
  const openers = place ? openersOf(place.name).filter(({ surface }) => surface.kind === 'tab') : [];
  return openers.length > 1 && openers[0] ? [openers[0].key] : [];
}

/** What a document in protected view may be asked for as well, so that nobody clicks the bar away, or which fails at once. */
function canBeGuarded(goal: Goal): boolean {
  return goal.type !== 'read' && goal.type !== 'impossible' && goal.type !== 'wheel';
}

/** The one control without which a goal cannot be reached; null if there are other ways. */
function killable(goal: Goal): ControlKey | null {
  const [key, ...others] = controlsOfGoal(goal);
  if (key === undefined || others.length > 0) return null;
  const { kind, name } = placedControl(key).surface;
  if (kind === 'tab' || kind === 'menu') return key;
  const openers = openersOf(name).filter(({ surface }) => surface.kind === 'tab');
  return kind === 'dialog' && openersOf(name).length === 1 ? (openers[0]?.key ?? null) : null;
}

/** Keys of the controls of all goals, and of what opens the places where they are. */
function keysOnTheWay(goals: readonly Goal[]): readonly ControlKey[] {
  const keys = new Set<ControlKey>();
  const add = (key: ControlKey): void => {
    if (keys.has(key)) return;
    keys.add(key);
    for (const opener of openersOf(placedControl(key).surface.name)) add(opener.key);
  };
  for (const goal of goals) {
    for (const key of controlsOfGoal(goal)) add(key);
    if (goal.type === 'call' && goal.on === 'document') add(BODY_KEY);
  }
  return [...keys];
}
