/** Lets the expert play an episode, with mistakes mixed in, and records what it decides in each state. */
import type { PreviousAction } from '../../src/runtime/types.ts';
import type { Episode } from './episodes.ts';
import { type Decision, decide } from './expert.ts';
import { callOf, randomMistake } from './noise.ts';
import type { Observation } from './observe.ts';
import type { Random } from './random.ts';

export type Step = {
  readonly observation: Observation;
  readonly history: readonly PreviousAction[];
  readonly decision: Decision;
};

export type Mistakes = {
  readonly random: Random;
  /** Share of actions that are mistakes, 0..1. */
  readonly rate: number;
  readonly most: number;
};

/** No task needs as many; more means that the expert goes in circles. */
const MAX_STEPS = 40;

/**
 * The expert's decision in every state visited; mistakes are executed in its place but never recorded as decisions. Throws
 * if the episode does not end.
 */
export function rollOut(episode: Episode, mistakes: Mistakes | null = null): readonly Step[] {
  const steps: Step[] = [];
  for (const step of playSteps(episode, mistakes)) steps.push(step);
  if (steps.at(-1)?.decision.status !== 'CONTINUE') return steps;
  throw new Error(`${episode.task} is not done after ${MAX_STEPS} steps: ${episode.request}`);
}

/** The same, one step at a time, each before it is executed; stops without an error after {@link MAX_STEPS}. */
export function* playSteps(
  { desktop, goals }: Pick<Episode, 'desktop' | 'goals'>,
  mistakes: Mistakes | null = null,
): Generator<Step, void> {
  let mistakesLeft = mistakes?.most ?? 0;
  for (let i = 0; i < MAX_STEPS; i++) {
    const observation = desktop.observe();
    const history = [...desktop.history];
    const decision = decide(goals, observation, history);
    if (mistakes && mistakesLeft > 0 && mistakes.random.chance(mistakes.rate)) {
      mistakesLeft--;
      desktop.execute(randomMistake({ desk: desktop.desk, observation, decision }, mistakes.random));
      continue;
    }
    yield { observation, history, decision };
    // Nobody is at hand to confirm, so CONFIRM ends the episode with the call not executed.
    if (decision.function !== '' && decision.status !== 'CONFIRM') desktop.execute(callOf({ observation, decision }));
    if (decision.status !== 'CONTINUE') return;
  }
}
