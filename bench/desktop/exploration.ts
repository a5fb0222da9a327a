/** One episode played by a model, and judged. */
import { type Action, type Candidate, GatewayError, type Runtime } from '../../src/runtime/index.ts';
import { type Ending, type Episode, makeEpisode } from './episodes.ts';
import { actionOf, type Example, exampleOf, stateOf } from './example.ts';
import { type Decision, decide } from './expert.ts';
import { callOf } from './noise.ts';
import type { Observation } from './observe.ts';
import { hashText, Random } from './random.ts';
import type { Step } from './rollout.ts';
import type { Split } from './tasks/draw.ts';

/** What the agent of the evaluation gives an episode. */
const MAX_STEPS = 15;
/** Longest text that the model may write, in UTF-8 bytes. */
const MAX_TEXT_BYTES = 64;

export type Explorer = {
  readonly runtime: Runtime;
  readonly model: string;
  readonly split: Split;
  readonly candidates: number;
  readonly rerank: boolean;
  /** Flattens (above 1) or sharpens the probabilities of the candidates; 0 takes the first. */
  readonly temperature: number;
};

/** A training example whose answer is what the model did. */
export type ExploredStep = Example & {
  readonly attempt: number;
  /** 1 if the episode succeeded, else -1. */
  readonly reward: 1 | -1;
  /** Whether the expert would have done the same here. */
  readonly right: boolean;
  readonly candidates: readonly ProposedAnswer[];
};

export type ProposedAnswer = {
  readonly answer: readonly string[];
  /** Under the grammar, 0..1. */
  readonly probability: number;
  readonly right: boolean;
};

export type ExploredEpisode = {
  readonly steps: readonly ExploredStep[];
  readonly isSuccess: boolean;
  /** Ended because a state did not fit the model's context. */
  readonly isCutOff: boolean;
  readonly violations: number;
};

type Job = { readonly seed: number; readonly attempt: number };
type Choice = { readonly candidate: Candidate; readonly candidates: readonly Candidate[] };

export async function explore(explorer: Explorer, { seed, attempt }: Job): Promise<ExploredEpisode> {
  const { split } = explorer;
  const episode = makeEpisode(split, seed);
  const { desktop, goals, request } = episode;
  const random = new Random(hashText(`explore:${split}:${seed}:${attempt}`));
  const steps: Omit<ExploredStep, 'reward'>[] = [];
  let ending: Ending | undefined;
  let isCutOff = false;
  while (steps.length < MAX_STEPS && ending === undefined && !isCutOff) {
    const observation = desktop.observe();
    const history = [...desktop.history];
    const choice = await choose(explorer, stateOf(request, { observation, history }), random);
    isCutOff = choice === null;
    if (choice === null) continue;
    const { action } = choice.candidate;
    const decision = decisionOf(action, observation);
    const expert = { observation, history, decision: decide(goals, observation, history) };
    const source = { split, episode: seed, step: steps.length };
    steps.push({ ...describe({ episode, expert, choice }, source), attempt });
    // Nobody is at hand to confirm, so CONFIRM ends the episode with the call not executed.
    if (action.function !== '' && action.status !== 'CONFIRM') desktop.execute(callOf({ observation, decision }));
    if (action.status !== 'CONTINUE') ending = action;
  }
  const isSuccess = episode.isSuccess(ending);
  return {
    steps: steps.map((step) => ({ ...step, reward: isSuccess ? 1 : -1 })),
    isSuccess,
    isCutOff,
    violations: desktop.violations,
  };
}

/** One of the model's candidates; null if the state does not fit its context. */
async function choose(explorer: Explorer, state: ReturnType<typeof stateOf>, random: Random): Promise<Choice | null> {
  const { runtime, model, candidates: wanted, rerank, temperature } = explorer;
  const signal = new AbortController().signal;
  const options = { model, candidates: wanted, rerank, temperature: 0, seed: 0, maxTextBytes: MAX_TEXT_BYTES, signal };
  try {
    const { candidates } = await runtime.predictAction(state, options);
    return { candidate: draw(candidates, temperature, random), candidates };
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'context_length') return null;
    throw error;
  }
}

function draw(candidates: readonly Candidate[], temperature: number, random: Random): Candidate {
  const weights = candidates.map(({ probability }) => (temperature === 0 ? 0 : probability ** (1 / temperature)));
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    left -= weight;
    if (left < 0) return candidates[i] as Candidate;
  }
  return candidates[0] as Candidate;
}

type Moment = { readonly episode: Episode; readonly expert: Step; readonly choice: Choice };

function describe({ episode, expert, choice }: Moment, source: Parameters<typeof exampleOf>[2]) {
  const { observation } = expert;
  const example = (action: Action): Example =>
    exampleOf(episode, { ...expert, decision: decisionOf(action, observation, expert.decision.evidence) }, source);
  const { target, alternatives } = expert.decision;
  const accepted = [target, ...alternatives].map((index) =>
    JSON.stringify(example(actionOf(observation, { ...expert.decision, target: index })).answer),
  );
  const proposed = choice.candidates.map(({ action, probability }) => ({ ...example(action), probability }));
  const isRight = ({ answer }: Pick<Example, 'answer'>) => accepted.includes(JSON.stringify(answer));
  const chosen = example(choice.candidate.action);
  return {
    ...chosen,
    // Whatever is dropped of the screen, each candidate keeps the control that it names.
    needs: [...new Set(proposed.flatMap(({ needs }) => needs))].sort((a, b) => a - b),
    right: isRight(chosen),
    candidates: proposed.map(({ answer, probability }) => ({ answer, probability, right: isRight({ answer }) })),
  };
}

function decisionOf(action: Action, observation: Observation, evidence: readonly number[] = []): Decision {
  const target = observation.controls.findIndex(({ id }) => id === action.controlId);
  return { function: action.function, args: action.args, target, status: action.status, alternatives: [], evidence };
}
