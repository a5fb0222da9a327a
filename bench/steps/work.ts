/** The work that all engines do: steps of episodes, as an agent would send them and as prompt tokens. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promptSegments, renderPrompt } from '../../src/runtime/dialects/compact.ts';
import { type Action, defaultFunctions, type State } from '../../src/runtime/index.ts';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { toPredictRequest } from '../agent/agent-state.ts';
import type { PredictRequest } from '../agent/gateway-client.ts';
import { stateOf } from '../desktop/example.ts';
import { type Size, type SizedEpisode, sizedEpisode } from './episodes.ts';

/** An episode's first step, or what a later one finds: the controls of the step before it, or others (a tab, a dialog). */
export type WindowKind = 'first' | 'same' | 'other';

export type WorkStep = {
  readonly size: Size;
  readonly seed: number;
  /** Position in its episode, from 0. */
  readonly step: number;
  readonly window: WindowKind;
  readonly state: State;
  readonly promptTokens: readonly number[];
  /** The PyTorch model's answer; null if it is none, undefined if the reference does not have the step. */
  readonly reference: Action | null | undefined;
};

/** An episode's steps, in order. */
export type WorkEpisode = readonly WorkStep[];

/** bench/steps/reference.json: what the PyTorch model answers. */
export type Reference = {
  /** Of the model.onnx whose weights answered. */
  readonly model_sha256: string;
  readonly command: string;
  /** By seed; one entry per step, null where the answer does not parse. */
  readonly episodes: Readonly<Record<string, readonly (ReferenceAction | null)[]>>;
};
/** Control label, function, arguments, status. */
export type ReferenceAction = readonly [controlId: string, functionName: string, args: Action['args'], status: string];

export function readTokenizer(folder: string): SegmentTokenizer {
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;
  return new SegmentTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
}

/** The state as the gateway understands the request: its functions are those of the application. */
export function stateOfStep(episode: SizedEpisode, step: number): State {
  const at = episode.steps[step];
  if (at === undefined) throw new RangeError(`episode ${episode.seed} has no step ${step}`);
  const state = stateOf(episode.request, at);
  return { ...state, allowedFunctions: defaultFunctions(state.app.processName) };
}

export function promptTokensOf(state: State, tokenizer: SegmentTokenizer): number[] {
  const tokens: number[] = [];
  tokenizer.encode(promptSegments(renderPrompt(state)), tokens);
  return tokens;
}

/** The work of an episode. `answers` are the reference's, one per step. */
export function workOf(
  episode: SizedEpisode,
  tokenizer: SegmentTokenizer,
  answers: readonly (ReferenceAction | null)[] = [],
): WorkEpisode {
  const states = episode.steps.map((_, step) => stateOfStep(episode, step));
  return states.map((state, step) => {
    return {
      size: episode.size,
      seed: episode.seed,
      step,
      window: windowKind(state, states[step - 1]),
      state,
      promptTokens: promptTokensOf(state, tokenizer),
      reference: toAction(state, answers[step]),
    };
  });
}

export function windowKind(state: State, before: State | undefined): WindowKind {
  if (before === undefined) return 'first';
  const controls = ({ controls }: State) => JSON.stringify(controls.map(({ name, type }) => [name, type]));
  return controls(state) === controls(before) ? 'same' : 'other';
}

function toAction(state: State, answer: ReferenceAction | null | undefined): Action | null | undefined {
  if (answer === null || answer === undefined) return answer;
  const [controlId, functionName, args, status] = answer;
  const controlName = state.controls.find(({ id }) => id === controlId)?.name ?? '';
  return {
    thought: '',
    controlId,
    controlName,
    function: functionName,
    args,
    status: status as Action['status'],
    plan: [],
  };
}

/** Hands out episodes, each once: a prefix cache must not meet an episode that it knows. Alternates between the sizes. */
export class WorkSource {
  readonly #tokenizer: SegmentTokenizer;
  readonly #reference: Reference;
  readonly #seeds: Readonly<Record<Size, number[]>> = { 60: [], 165: [] };

  constructor(tokenizer: SegmentTokenizer, reference: Reference) {
    this.#tokenizer = tokenizer;
    this.#reference = reference;
    for (const key of Object.keys(reference.episodes)) {
      const seed = Number(key);
      const episode = sizedEpisode(seed);
      if (episode === undefined)
        throw new Error(`reference.json: seed ${seed} is no episode of a measured size any more`);
      this.#seeds[episode.size].push(seed);
    }
  }

  /** Pairs of episodes (one of each size) that are left. */
  get numPairs(): number {
    return Math.min(this.#seeds[60].length, this.#seeds[165].length);
  }

  /** `count` pairs, the small window first. Throws when too few are left. */
  take(count: number): WorkEpisode[] {
    if (count > this.numPairs) throw new RangeError(`${count} pairs of episodes wanted, ${this.numPairs} are left`);
    return Array.from({ length: count }, () => [this.#next(60), this.#next(165)]).flat();
  }

  #next(size: Size): WorkEpisode {
    const seed = this.#seeds[size].shift();
    const episode = seed === undefined ? undefined : sizedEpisode(seed);
    if (episode === undefined) throw new RangeError(`no episode of ${size} controls is left`);
    return workOf(episode, this.#tokenizer, this.#reference.episodes[String(seed)]);
  }
}

/** What an agent would send. `run` tells episodes of one run from those of another. */
export function requestOf({ state, seed }: WorkStep, run: string): PredictRequest {
  return toPredictRequest({
    sessionId: `${run}-${seed}`,
    request: state.userRequest,
    observation: { app: state.app, controls: state.controls, placed: [] },
    history: state.previousActions,
  });
}

/** One lane per client: episodes go round, and a client plays each to its end. */
export function toLanes(episodes: readonly WorkEpisode[], numClients: number): WorkStep[][] {
  const lanes: WorkStep[][] = Array.from({ length: numClients }, () => []);
  for (const [i, episode] of episodes.entries()) lanes[i % numClients]?.push(...episode);
  return lanes;
}
