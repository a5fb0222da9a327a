/** Training examples of plans: a task, in its own and in other words, and the steps that do it. */
import { fitsPlanForm, renderPlan, renderPlanPrompt } from '../../src/runtime/dialects/plan.ts';
import type { Episode } from './episodes.ts';
import { type EvolvedTask, rephrasings } from './evolve.ts';
import { written } from './example.ts';

/** One line of the training data; segments as in {@link import('./example.ts').Example}, of a prompt without controls. */
export type PlanExample = EvolvedTask & {
  readonly steps: readonly string[];
  readonly head: readonly string[];
  readonly tail: readonly string[];
  readonly answer: readonly string[];
};

/**
 * The plan as the answer to the episode's request, and to up to `count` others that ask for the same. A request with so many
 * literals that the plan has to spell what the form has no room for is left out.
 */
export function planExamples(episode: Episode, steps: readonly string[], count: number): PlanExample[] {
  const { app } = episode.desktop.observe();
  return rephrasings(episode, count).flatMap((evolved) => {
    const task = { userRequest: evolved.request, app };
    if (!fitsPlanForm(task, steps)) return [];
    return {
      ...evolved,
      steps,
      head: written(renderPlanPrompt(task)),
      tail: [],
      answer: written(renderPlan(task, steps)),
    };
  });
}
