/**
 * An expert that gets a stated share of tasks wrong, by seed: it takes the control next to the right one, forgets a goal,
 * stops early, or mixes up two texts. It plays the task that it has misunderstood as well as it can, so its trajectories
 * look like those of a capable model that failed. The oracle judges them; only successes are for imitation, failures are
 * for self-boosting and for the reward model.
 */

import type { Episode } from './episodes.ts';
import { actionOf } from './example.ts';
import { controlsOfGoal, type Goal } from './goals.ts';
import { Random } from './random.ts';
import { type Mistakes, playSteps, type Step } from './rollout.ts';
import { type ControlKey, controlsOf, type Placed, placedControl } from './ui/catalog.ts';

export type Slip = 'none' | 'neighbour' | 'forgets' | 'stops early' | 'mixes up';

export type Attempt = {
  readonly steps: readonly Step[];
  readonly slip: Slip;
  readonly isSuccess: boolean;
};

/** What an episode's goals become when they are misunderstood; null where this slip cannot happen. */
type Misreading = (goals: readonly Goal[], random: Random) => readonly Goal[] | null;

const MISREADINGS: readonly (readonly [Slip, Misreading])[] = [
  ['neighbour', takeNeighbour],
  ['forgets', forgetGoal],
  ['stops early', (goals) => (goals.length > 1 ? goals.slice(0, -1) : null)],
  ['mixes up', mixUpTexts],
];

export type AttemptOptions = {
  readonly seed: number;
  /** Share of seeds with a slip, 0..1. */
  readonly rate: number;
  /** Wrong actions on the way, which are made good and not part of the attempt's steps. Default: none. */
  readonly mistakes?: Mistakes | null;
};

/** Plays an episode. */
export function attempt(episode: Episode, options: AttemptOptions): Attempt {
  const random = new Random(options.seed).fork(episode.request);
  const { slip, goals } = random.chance(options.rate) ? slipFor(episode.goals, random) : asMeant(episode.goals);
  // What is misunderstood may have no end; then the steps so far are the attempt.
  const steps = [...playSteps({ desktop: episode.desktop, goals }, options.mistakes)];
  const last = steps.at(-1);
  const ending = last && actionOf(last.observation, last.decision);
  return { steps, slip, isSuccess: episode.isSuccess(ending) };
}

const asMeant = (goals: readonly Goal[]) => ({ slip: 'none' as Slip, goals });

function slipFor(goals: readonly Goal[], random: Random): { slip: Slip; goals: readonly Goal[] } {
  for (const [slip, misread] of random.shuffle(MISREADINGS)) {
    const others = misread(goals, random);
    if (others) return { slip, goals: others };
  }
  return asMeant(goals);
}

function takeNeighbour(goals: readonly Goal[], random: Random): readonly Goal[] | null {
  const candidates = goals.flatMap((goal, i) => (neighbourOf(goal, random) ? [i] : []));
  if (candidates.length === 0) return null;
  const chosen = random.pick(candidates);
  return goals.map((goal, i) => (i === chosen ? (neighbourOf(goal, random) ?? goal) : goal));
}

/** The same goal on a control of the same kind and place. */
function neighbourOf(goal: Goal, random: Random): Goal | null {
  const key = controlsOfGoal(goal).at(-1);
  if (key === undefined || !('controls' in goal)) return null;
  const { spec, surface } = placedControl(key);
  const others = controlsOf(surface).filter((other) => other.key !== key && isLike(other, spec));
  if (others.length === 0) return null;
  const controls: readonly ControlKey[] = [random.pick(others).key];
  return { ...goal, controls };
}

function isLike(other: Placed, spec: Placed['spec']): boolean {
  const isSame = other.spec.type === spec.type && (other.spec.fill === undefined) === (spec.fill === undefined);
  const isToggle = (other.spec.selected === undefined) === (spec.selected === undefined);
  // What leads elsewhere or cannot be undone is no mere slip.
  return isSame && isToggle && other.spec.opens === undefined && other.spec.sensitive !== true && !other.spec.closes;
}

function forgetGoal(goals: readonly Goal[], random: Random): readonly Goal[] | null {
  if (goals.length < 2) return null;
  const forgotten = random.int(0, goals.length - 2);
  return goals.filter((_, i) => i !== forgotten);
}

/** The first two texts of the goals change places. */
function mixUpTexts(goals: readonly Goal[]): readonly Goal[] | null {
  const texts = goals.flatMap((goal) => (textOf(goal) === null ? [] : [textOf(goal) as string]));
  const [first, second] = texts;
  if (first === undefined || second === undefined || first === second) return null;
  return goals.map((goal) => {
    const text = textOf(goal);
    if (text !== first && text !== second) return goal;
    return withText(goal, text === first ? second : first);
  });
}

function textOf(goal: Goal): string | null {
  if (goal.type === 'fill') return goal.text;
  return goal.type === 'call' && goal.function === 'select_text' ? String(goal.args['text']) : null;
}

function withText(goal: Goal, text: string): Goal {
  if (goal.type === 'fill') return { ...goal, text };
  return goal.type === 'call' ? { ...goal, args: { ...goal.args, text } } : goal;
}
