/** The runtime over loaded models: finds the model of each request, holds a lease on it, and asks it. */

import { monotonicMs } from './clock.ts';
import { invariant } from './errors.ts';
import { isGrounded } from './models/action-model.ts';
import type { MemoryLedger } from './models/memory-ledger.ts';
import type { AnyModel } from './models/open-model.ts';
import type { ModelRegistry } from './models/registry.ts';
import type { ModelRole } from './models/served-model.ts';
import { preferenceOf } from './reward/preference.ts';
import type {
  MemoryBudget,
  ModelInfo,
  ModelLabel,
  PlanPrediction,
  PlanTask,
  Prediction,
  PredictOptions,
  RequestOptions,
  Reward,
  Runtime,
  RuntimeStats,
  Scores,
} from './runtime.ts';
import type { Action, State } from './types.ts';

type OfRole<R extends ModelRole> = Extract<AnyModel, { readonly role: R }>;

/** What a runtime is made of, and owns. */
export type RuntimeParts = {
  readonly registry: ModelRegistry<AnyModel>;
  readonly ledger: MemoryLedger;
  /** Threads between two models. */
  readonly pool: AsyncDisposable;
};

/** As bad as a reward can be. */
const NO_REWARD: Reward = { raw: -Number.MAX_VALUE, score: 0 };

export class LoadedRuntime implements Runtime {
  readonly #registry: ModelRegistry<AnyModel>;
  readonly #ledger: MemoryLedger;
  readonly #pool: AsyncDisposable;

  constructor({ registry, ledger, pool }: RuntimeParts) {
    this.#registry = registry;
    this.#ledger = ledger;
    this.#pool = pool;
  }

  expectAction(options: Pick<RequestOptions, 'model' | 'stickyKey'>): void {
    this.#ask('action', options, async (model) => model.expect()).catch(() => {});
  }

  async predictAction(state: State, options: PredictOptions): Promise<Prediction> {
    const prediction = await this.#ask('action', options, (model) => model.predictAction(state, options));
    return options.rerank ? this.#rerank(state, prediction, options) : prediction;
  }

  predictPlan(task: PlanTask, options: RequestOptions): Promise<PlanPrediction> {
    return this.#ask('plan', options, (model) => model.predictPlan(task, options));
  }

  scoreActions(state: State, actions: readonly Action[], options: RequestOptions): Promise<Scores> {
    return this.#ask('reward', options, (model) => model.scoreActions(state, actions, options));
  }

  models(): readonly ModelInfo[] {
    return this.#registry.models();
  }

  loadModel(name: string, version: string): Promise<ModelInfo> {
    return this.#registry.load(name, version);
  }

  unloadModel(name: string, version: string): Promise<void> {
    return this.#registry.unload(name, version);
  }

  async setLabel(label: ModelLabel): Promise<void> {
    this.#registry.setLabel(label);
  }

  unreadyReason(): string | undefined {
    return this.#registry.unreadyReason();
  }

  stats(): Promise<RuntimeStats> {
    return this.#registry.stats();
  }

  memory(): MemoryBudget {
    return this.#ledger.budget();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#registry[Symbol.asyncDispose]();
    await this.#pool[Symbol.asyncDispose]();
  }

  async #ask<R extends ModelRole, T>(
    role: R,
    { model, stickyKey, onRoute }: Pick<RequestOptions, 'model' | 'stickyKey' | 'onRoute'>,
    ask: (model: OfRole<R>) => Promise<T>,
  ): Promise<T> {
    using lease = this.#registry.lease({ model, role, onRoute, ...(stickyKey !== undefined && { stickyKey }) });
    invariant(lease.model.role === role, `a ${lease.model.role} model was chosen as ${role} model`);
    return await ask(lease.model as OfRole<R>);
  }

  /** The best by the model's own probability and by the default reward model first. */
  async #rerank(state: State, prediction: Prediction, options: PredictOptions): Promise<Prediction> {
    const startMs = monotonicMs();
    // The request is for the model that chose the actions.
    const { onRoute: _onRoute, ...rest } = options;
    const { rewards } = await this.scoreActions(
      state,
      prediction.candidates.map(({ action }) => action),
      { ...rest, model: '' },
    );
    const ranked = prediction.candidates
      .map((candidate, i) => ({ ...candidate, reward: rewards[i] ?? NO_REWARD }))
      .sort((a, b) => preferenceOf(b) - preferenceOf(a));
    const [best] = ranked;
    invariant(best !== undefined, 'a prediction has a candidate');
    const { action, confidence } = best;
    const timing = { ...prediction.timing, totalMs: prediction.timing.totalMs + monotonicMs() - startMs };
    return { ...prediction, action, confidence, candidates: ranked, grounded: isGrounded(state, action), timing };
  }
}
