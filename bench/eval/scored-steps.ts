/** Steps with the scores that a reward model gives them, and whether they were good: what it is judged by. */
import { preferenceOf } from '../../src/runtime/reward/preference.ts';
import type { ActionClient, WireCandidate } from '../agent/gateway-client.ts';
import type { Episode } from '../desktop/episodes.ts';
import { decide } from '../desktop/expert.ts';
import type { Random } from '../desktop/random.ts';
import type { Step as ExpertStep } from '../desktop/rollout.ts';
import { percent } from './intervals.ts';
import { evaluateOnline } from './online.ts';
import { areaUnderCurve, type Calibration, calibrate, type Scored } from './ranking.ts';
import { isStepSuccess, scoreStep } from './step-score.ts';

export type ScoredStep = {
  /** By the reward model, 0..1. */
  readonly score: number;
  /** The same before the sigmoid. */
  readonly raw: number;
  /** That the action model gave it, 0..1. */
  readonly probability: number;
  /** The expert would have done the same here. */
  readonly isRight: boolean;
  /** It was the candidate that was carried out. */
  readonly isChosen: boolean;
  /** Its episode succeeded. */
  readonly isOfSuccess: boolean;
};

/** What was proposed in the states of an episode, state by state. */
export type ScoredTask = readonly (readonly ScoredStep[])[];

/**
 * Plays an episode in which each candidate is chosen as often as it is probable, so that bad steps come up too, and returns
 * all candidates. `client` has to ask for several, with rewards. The episode is used up.
 */
export async function exploreScored(client: ActionClient, episode: Episode, random: Random): Promise<ScoredTask> {
  const states: Omit<ScoredStep, 'isOfSuccess'>[][] = [];
  const drawing: ActionClient = {
    predictAction: async (request) => {
      // What the expert decides is of the state that the request was made of.
      const observation = episode.desktop.observe();
      const history = [...episode.desktop.history];
      const expert = { observation, history, decision: decide(episode.goals, observation, history) };
      const answer = await client.predictAction(request);
      const chosen = draw(answer.candidates, random);
      states.push(answer.candidates.flatMap((candidate) => judge(candidate, expert, candidate === chosen)));
      return chosen === undefined ? answer : { ...answer, action: chosen.action };
    },
  };
  const { isDone } = await evaluateOnline(drawing, episode);
  return states
    .filter((steps) => steps.length > 0)
    .map((steps) => steps.map((step) => ({ ...step, isOfSuccess: isDone })));
}

function judge({ action, probability, reward }: WireCandidate, expert: ExpertStep, isChosen: boolean) {
  if (reward === null) return [];
  const score = scoreStep(expert, { action });
  return [{ ...reward, probability, isRight: isStepSuccess(score) && score.args, isChosen }];
}

function draw(candidates: readonly WireCandidate[], random: Random): WireCandidate | undefined {
  let left = random.next() * candidates.reduce((sum, { probability }) => sum + probability, 0);
  for (const candidate of candidates) {
    left -= candidate.probability;
    if (left < 0) return candidate;
  }
  return candidates[0];
}

export type RewardFigures = {
  readonly tasks: number;
  readonly states: number;
  readonly candidates: number;
  /** States in which the likeliest candidate is right, in percent. */
  readonly likeliest_right: number;
  /** States in which the candidate with the best reward is right, in percent. */
  readonly best_rewarded_right: number;
  /** States in which the candidate that `rerank` puts first is right, in percent. */
  readonly best_preferred_right: number;
  /** States in which any candidate is right, in percent: the most that reordering could give. */
  readonly any_right: number;
  readonly executed: number;
  /** Of the executed steps, in percent. */
  readonly executed_right: number;
  /** Right against wrong candidates, by reward; null if there are but one kind. */
  readonly auc_by_step: number | null;
  /** The same by the action model's own probability: what a reward model has to beat. */
  readonly auc_by_step_of_probability: number | null;
  /** Right against wrong steps among the executed ones. */
  readonly auc_executed: number | null;
  /** Executed steps of episodes that succeeded against those of others. */
  readonly auc_by_episode: number | null;
  /** Of the reward as the probability that a candidate is right. */
  readonly calibration_by_step: Calibration;
  /** Of the reward as the probability that the episode of an executed step succeeds. */
  readonly calibration_by_episode: Calibration;
};

export function summarizeScored(tasks: readonly ScoredTask[]): RewardFigures {
  const states = tasks.flat();
  const all = states.flat();
  const executed = all.filter(({ isChosen }) => isChosen);
  const byStep = all.map(({ score, isRight }): Scored => ({ score, good: isRight }));
  const byEpisode = executed.map(({ score, isOfSuccess }): Scored => ({ score, good: isOfSuccess }));
  return {
    tasks: tasks.length,
    states: states.length,
    likeliest_right: percent(states, (state) => best(state, ({ probability }) => probability).isRight),
    best_rewarded_right: percent(states, (state) => best(state, ({ score }) => score).isRight),
    best_preferred_right: percent(states, (state) => best(state, preferred).isRight),
    any_right: percent(states, (state) => state.some(({ isRight }) => isRight)),
    candidates: all.length,
    executed: executed.length,
    executed_right: percent(executed, ({ isRight }) => isRight),
    auc_by_step: areaUnderCurve(byStep),
    auc_by_step_of_probability: areaUnderCurve(
      all.map(({ probability, isRight }) => ({ score: probability, good: isRight })),
    ),
    auc_executed: areaUnderCurve(executed.map(({ score, isRight }) => ({ score, good: isRight }))),
    auc_by_episode: areaUnderCurve(byEpisode),
    calibration_by_step: calibrate(byStep),
    calibration_by_episode: calibrate(byEpisode),
  };
}

function preferred({ probability, raw }: ScoredStep): number {
  return preferenceOf({ probability, reward: { raw } });
}

function best(steps: readonly ScoredStep[], by: (step: ScoredStep) => number): ScoredStep {
  return steps.reduce((first, step) => (by(step) > by(first) ? step : first));
}
