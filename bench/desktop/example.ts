/** Training examples: what a model is shown at a step of an episode, and what it should answer. */
import { renderAnswer, renderPrompt } from '../../src/runtime/dialects/compact.ts';
import { type Segment, segmentToString } from '../../src/runtime/dialects/segment.ts';
import { factsOf } from '../../src/runtime/dialects/state-facts.ts';
import type { Action, State } from '../../src/runtime/types.ts';
import { type Episode, type EpisodeOptions, makeEpisode } from './episodes.ts';
import { FUNCTION_NAMES } from './executor.ts';
import type { Decision } from './expert.ts';
import { hashText, Random } from './random.ts';
import { type Mistakes, rollOut, type Step } from './rollout.ts';
import type { Split } from './tasks/draw.ts';
import { ENDS, type End } from './tasks/task.ts';

/** Share of episodes in which mistakes happen, and how often in those. */
const MISTAKEN_EPISODES = 0.5;
const MISTAKE_RATE = 0.3;
const MOST_MISTAKES = 3;

/** One line of the training data; segments as `<|special|>` or `=text`. */
export type Example = {
  readonly task: string;
  readonly episode: number;
  readonly step: number;
  readonly split: Split;
  readonly head: readonly string[];
  readonly controls: readonly (readonly string[])[];
  /** Index of a control that is on or off, and the segments that say so. */
  readonly marks: readonly (readonly [control: number, segments: readonly string[]])[];
  readonly tail: readonly string[];
  readonly answer: readonly string[];
  /** Index of the answer's control; -1 for the window. */
  readonly target: number;
  /** Indices of controls without which the answer would be another one. */
  readonly needs: readonly number[];
  /** Names of other controls that would do as well, rendered as in an answer. */
  readonly accept?: readonly (readonly string[])[];
  /** Other tasks at the same screen. */
  readonly others?: readonly SideExample[];
};

/** What differs from the example of the step itself. */
export type SideExample = Pick<Example, 'task' | 'tail' | 'answer' | 'needs'>;

export const written = (segments: readonly Segment[]): string[] => segments.map(segmentToString);

/** What the model is shown at a step. */
export function stateOf(request: string, { observation, history }: Pick<Step, 'observation' | 'history'>): State {
  return {
    userRequest: request,
    subtask: '',
    app: observation.app,
    controls: observation.controls,
    previousPlan: [],
    previousActions: history,
    allowedFunctions: FUNCTION_NAMES,
  };
}

/** The canonical record of a decision. */
export function actionOf(observation: Step['observation'], decision: Decision): Action {
  const control = observation.controls[decision.target];
  return {
    thought: '',
    controlId: control?.id ?? '',
    controlName: control?.name ?? '',
    function: decision.function,
    args: decision.args,
    status: decision.status,
    plan: [],
  };
}

type Source = { readonly split: Split; readonly episode: number; readonly step: number };

export function exampleOf(episode: Episode, step: Step, source: Source): Example {
  const state = stateOf(episode.request, step);
  const { decision, observation } = step;
  const facts = factsOf(state);
  const prompt = renderPrompt(state, facts);
  const answer = (target: number) =>
    written(renderAnswer(state, actionOf(observation, { ...decision, target }), facts));
  const accept = decision.alternatives.map((target) => {
    const segments = answer(target);
    return segments.slice(0, segments.indexOf('<|fn|>'));
  });
  return {
    task: episode.task,
    episode: source.episode,
    step: source.step,
    split: source.split,
    head: written(prompt.head),
    controls: prompt.controls.map(written),
    marks: prompt.marks.map(({ control, segments }) => [control, written(segments)]),
    tail: written(prompt.tail),
    answer: answer(decision.target),
    target: decision.target,
    needs: neededControls(step, facts.related),
    ...(accept.length > 0 && { accept }),
  };
}

/**
 * The target, those that share its name (they decide the ordinal), those whose state the decision rests on, and those that the
 * prompt names behind the task.
 */
function neededControls({ observation, decision }: Step, related: readonly number[]): number[] {
  const name = observation.controls[decision.target]?.name;
  const named = observation.controls.flatMap((control, i) => (control.name === name ? [i] : []));
  return [...new Set([...named, ...decision.evidence, ...related])].sort((a, b) => a - b);
}

export type ExampleOptions = EpisodeOptions & {
  /** Default true: half of the episodes have wrong actions in them. */
  readonly makesMistakes?: boolean;
  /** An episode that should end otherwise gives no examples. Default: all. */
  readonly endings?: readonly End[];
};

/** All examples of one episode. The mistakes in it follow from the seed too. */
export function examplesOf(
  split: Split,
  seed: number,
  { makesMistakes = true, endings = ENDS, ...options }: ExampleOptions = {},
): Example[] {
  const episode = makeEpisode(split, seed, options);
  if (!endings.includes(episode.end)) return [];
  return toExamples(episode, rollOut(episode, makesMistakes ? mistakesOf(split, seed) : null), { split, seed });
}

/** What goes wrong on the way in an episode; null for the share of episodes in which nothing does. */
export function mistakesOf(split: Split, seed: number): Mistakes | null {
  const random = new Random(hashText(`mistakes:${split}:${seed}`));
  return random.chance(MISTAKEN_EPISODES) ? { random, rate: MISTAKE_RATE, most: MOST_MISTAKES } : null;
}

/** The examples that the steps of an episode are. */
export function toExamples(
  episode: Episode,
  steps: readonly Step[],
  { split, seed }: { readonly split: Split; readonly seed: number },
): Example[] {
  return steps.map((step, i) => exampleOf(episode, step, { split, episode: seed, step: i }));
}
