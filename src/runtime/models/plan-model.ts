/** A loaded model of role `plan`: a task in, its steps in words out. */
import { monotonicMs } from '../clock.ts';
import type { PlanDialect } from '../dialects/plan-dialect.ts';
import type { GenerateRequest } from '../engine/generate.ts';
import type { PlanPrediction, PlanTask, RequestOptions, RuntimeStats } from '../runtime.ts';
import type { CloseMode } from '../worker/messages.ts';
import { type DecoderEngine, timingOf, usageOf } from './decoder-engine.ts';
import type { ModelDescription, ModelStatus, ServedModel } from './served-model.ts';
import { warmUpBy, warmUpState } from './warm-up-state.ts';

/** For a plan that nobody waits for. */
const WARM_UP_LINES = { maxLines: 1, maxLineBytes: 8 };

type PlanBounds = { readonly maxLines?: number; readonly maxLineBytes?: number };

export class PlanModel implements ServedModel {
  readonly role = 'plan';
  readonly #description: ModelDescription;
  readonly #dialect: PlanDialect;
  readonly #engine: DecoderEngine;

  constructor(description: ModelDescription, dialect: PlanDialect, engine: DecoderEngine) {
    this.#description = description;
    this.#dialect = dialect;
    this.#engine = engine;
  }

  /** Whole plans for a made-up task, so that no user's request is the one that compiles the code on its path. */
  async warmUp(signal: AbortSignal): Promise<void> {
    const options = { model: '', signal };
    await warmUpBy(() => this.predictPlan(warmUpState(), options, WARM_UP_LINES));
  }

  /** See `Runtime.predictPlan`. The plan is greedy: a task has one. */
  async predictPlan(task: PlanTask, options: RequestOptions, bounds: PlanBounds = {}): Promise<PlanPrediction> {
    const startMs = monotonicMs();
    const { name: model, version, contextLength } = this.#description;
    const prepared = this.#dialect.prepare(task, { contextLength, ...bounds });
    const request: GenerateRequest = {
      promptTokens: prepared.promptTokens,
      grammar: prepared.grammar,
      sampling: { temperature: 0, seed: 0 },
      ...(options.priority !== undefined && { priority: options.priority }),
      ...(options.deadlineMs !== undefined && { deadlineMs: options.deadlineMs }),
    };
    const renderedMs = monotonicMs();
    const result = await this.#engine.client.generate(request, options.signal);
    return {
      model,
      version,
      plan: prepared.parse(result.tokens),
      usage: usageOf(request, result),
      timing: timingOf(result, startMs, renderedMs),
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
}
