/** A loaded model of role `action`: a state in, grounded actions out. */
import { monotonicMs } from '../clock.ts';
import type { Dialect, PreparedState } from '../dialects/dialect.ts';
import type { AnswerCandidate, OpenRequest } from '../engine/generate.ts';
import { GatewayError } from '../errors.ts';
import type { Candidate, Prediction, PredictOptions, RuntimeStats } from '../runtime.ts';
import type { Action, Confidence, State, Timing } from '../types.ts';
import type { CloseMode } from '../worker/messages.ts';
import { type DecoderEngine, timingOf, usageOf } from './decoder-engine.ts';
import type { ModelDescription, ModelStatus, ServedModel } from './served-model.ts';
import { warmUpBy, warmUpState } from './warm-up-state.ts';

export class ActionModel implements ServedModel {
  readonly role = 'action';
  readonly #description: ModelDescription;
  readonly #dialect: Dialect;
  readonly #engine: DecoderEngine;

  constructor(description: ModelDescription, dialect: Dialect, engine: DecoderEngine) {
    this.#description = description;
    this.#dialect = dialect;
    this.#engine = engine;
  }

  /** Whole predictions on a made-up state, so that no user's request is the one that compiles the code on its path. */
  async warmUp(signal: AbortSignal): Promise<void> {
    const options = { model: '', temperature: 0, seed: 0, maxTextBytes: 8, signal };
    await warmUpBy(() => this.predictAction(warmUpState(), options));
  }

  /** See `Runtime.expectAction`. Throws `unavailable` while it is not served. */
  expect(): void {
    this.#engine.client.expect();
  }

  /** See `Runtime.predictAction`; `rerank` is not looked at. */
  async predictAction(state: State, options: PredictOptions): Promise<Prediction> {
    const startMs = monotonicMs();
    const { client } = this.#engine;
    const { maxTextBytes, wantThought: thought = false, wantPlan: plan = false } = options;
    const prepared = this.#dialect.prepare(state, { maxTextBytes, thought, plan });
    const grammar = () => {
      this.#checkLength(prepared);
      return prepared.grammar;
    };
    const isLate = prepared.beginsWithDecision;
    const request = { ...requestOf(prepared, options), ...(!isLate && { grammar: grammar() }) };
    const renderedMs = monotonicMs();
    const onChoice = choiceListener(prepared, options);
    const result = await client.generate(request, options.signal, { onChoice, ...(isLate && { grammar }) });
    const candidates = distinct(result.candidates.map((answer) => candidateOf(prepared, answer)));
    const [{ action, confidence }] = candidates;
    return {
      model: this.#description.name,
      version: this.#description.version,
      action,
      confidence,
      candidates,
      grounded: isGrounded(state, action),
      usage: usageOf(request, result),
      timing: { ...timingOf(result, startMs, renderedMs), ...grammarTime(prepared) },
    };
  }

  status(): ModelStatus {
    return this.#engine.status();
  }

  stats(): Promise<RuntimeStats> {
    return this.#engine.stats();
  }

  close(mode: CloseMode): Promise<void> {
    return this.#engine.close(mode);
  }

  /** An answer is never cut off: the prompt and the longest answer that its grammar permits fit, or nothing is done. */
  #checkLength({ promptTokens, controlTokens, grammar }: PreparedState): void {
    const limit = this.#description.contextLength;
    if (promptTokens.length + grammar.maxTokens <= limit) return;
    const field = controlTokens * 2 > promptTokens.length ? 'controls' : 'user_request';
    const parts = `${promptTokens.length} tokens (${controlTokens} of them controls) and up to ${grammar.maxTokens} for the answer`;
    throw new GatewayError('context_length', `${field}: the state takes ${parts}; the model's context is ${limit}`, {
      field,
    });
  }
}

function grammarTime({ grammarMs }: PreparedState): Pick<Timing, 'grammarMs'> {
  return grammarMs === undefined ? {} : { grammarMs };
}

function requestOf({ promptTokens }: PreparedState, options: PredictOptions): OpenRequest {
  const { temperature, seed, priority, candidates, deadlineMs, onChoice } = options;
  return {
    promptTokens,
    sampling: { temperature, seed },
    bestChoice: true,
    ...(priority !== undefined && { priority }),
    ...(candidates !== undefined && { candidates }),
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(onChoice !== undefined && { tellsChoice: true }),
  };
}

function choiceListener({ parseChoice }: PreparedState, { onChoice }: PredictOptions) {
  if (onChoice === undefined) return undefined;
  return (beginning: Int32Array): void => {
    const choice = parseChoice(beginning);
    if (choice !== undefined) onChoice(choice);
  };
}

function candidateOf(prepared: PreparedState, { tokens, logProbs }: AnswerCandidate): Candidate {
  const confidence: Confidence = {
    control: Math.exp(logProbs.control),
    function: Math.exp(logProbs.function),
    args: Math.exp(logProbs.args),
    status: Math.exp(logProbs.status),
  };
  const probability = Object.values(logProbs).reduce((product, logProb) => product * Math.exp(logProb), 1);
  return { action: prepared.parse(tokens), confidence, probability };
}

/** Answers that differ but say the same are one candidate, as probable as all of them. The most probable comes first. */
export function distinct(candidates: readonly Candidate[]): [Candidate, ...Candidate[]] {
  const byAction = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { controlId, function: fn, args, status } = candidate.action;
    const key = JSON.stringify([controlId, fn, Object.entries(args).sort(), status]);
    const same = byAction.get(key);
    const probability = candidate.probability + (same?.probability ?? 0);
    byAction.set(key, { ...(same ?? candidate), probability });
  }
  const [first, ...others] = [...byAction.values()].sort((a, b) => b.probability - a.probability);
  if (first === undefined) throw new GatewayError('internal', 'the engine gave no answer');
  return [first, ...others];
}

/** True if the control's id and name are those of one listed control, or the action needs no control. */
export function isGrounded(state: State, action: Action): boolean {
  if (action.controlId === '') return action.controlName === '';
  return state.controls.some((control) => control.id === action.controlId && control.name === action.controlName);
}
