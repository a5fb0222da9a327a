/** A runtime without models: answers at once and deterministically, fails or waits when a test wants it to. */
import assert from 'node:assert/strict';
import {
  type Action,
  type Candidate,
  functionCatalog,
  GatewayError,
  type MemoryBudget,
  type ModelInfo,
  type ModelLabel,
  type PlanPrediction,
  type PlanTask,
  type Prediction,
  type PredictOptions,
  type RequestOptions,
  type Runtime,
  type RuntimeObserver,
  type RuntimeStats,
  type Scores,
  type State,
  type StepReport,
} from '../../src/runtime/index.ts';

export type Handler = (state: State, options: PredictOptions) => Prediction | Promise<Prediction>;

/** One request that a test keeps waiting. */
export type Held = {
  /** Resolves when the gateway has given the request up. */
  readonly aborted: Promise<void>;
  /** Lets it be answered. */
  release(): void;
};

export const FAKE_MODEL: ModelInfo = {
  name: 'fake',
  version: '1',
  role: 'action',
  dialect: 'compact',
  contextLength: 1024,
  parameters: 1_234_567,
  quantization: 'none',
  state: 'ready',
  reason: '',
  labels: [{ label: 'stable', share: 1 }],
};

export class FakeRuntime implements Runtime {
  /** How requests for actions are answered; tests replace it. */
  handler: Handler = (state, options) => fakePrediction(state, options);
  /** Why the runtime is not ready, if it is not. */
  reason: string | undefined;
  /** Every state and its options, in order of arrival. */
  readonly calls: { readonly state: State; readonly options: PredictOptions }[] = [];
  /** The models that were said to be asked soon, in order. */
  readonly expected: string[] = [];
  /** Every state that actions were scored in. */
  readonly scored: State[] = [];
  /** What operators have asked for, in order of arrival. */
  readonly changes: unknown[] = [];
  observer: RuntimeObserver | undefined;
  #models: readonly ModelInfo[] = [FAKE_MODEL];
  /** Taken by the next request, of whatever kind, before it is answered. */
  #gate: ((signal: AbortSignal | undefined) => Promise<void>) | undefined;
  #active = 0;
  #disposed = false;

  expectAction({ model }: Pick<RequestOptions, 'model'>): void {
    this.expected.push(model);
  }

  predictAction(state: State, options: PredictOptions): Promise<Prediction> {
    this.calls.push({ state, options });
    options.onRoute?.(FAKE_MODEL);
    return this.#run(options.signal, async () => {
      const prediction = await this.handler(state, options);
      if ((options.candidates ?? 1) === 1) options.onChoice?.(prediction.action);
      return prediction;
    });
  }

  predictPlan({ userRequest }: PlanTask, { signal, onRoute }: RequestOptions): Promise<PlanPrediction> {
    onRoute?.(FAKE_MODEL);
    return this.#run(signal, () => ({
      model: FAKE_MODEL.name,
      version: FAKE_MODEL.version,
      plan: userRequest.split(' and '),
      usage: { promptTokens: 5, cachedTokens: 1, generatedTokens: 7, forcedTokens: 0 },
      timing: { queueMs: 0.5, renderMs: 1, prefillMs: 2, decodeMs: 3, totalMs: 6.5 },
    }));
  }

  scoreActions(state: State, actions: readonly Action[], { signal, onRoute }: RequestOptions): Promise<Scores> {
    this.scored.push(state);
    onRoute?.(FAKE_MODEL);
    return this.#run(signal, () => ({
      model: FAKE_MODEL.name,
      version: FAKE_MODEL.version,
      rewards: actions.map((_action, i) => fakeReward(i)),
      timing: { queueMs: 0.5, totalMs: 2 },
    }));
  }

  models(): readonly ModelInfo[] {
    return this.#models;
  }

  loadModel(name: string, version: string): Promise<ModelInfo> {
    this.changes.push({ load: `${name}:${version}` });
    return this.#run(undefined, () => {
      const loaded: ModelInfo = { ...FAKE_MODEL, name, version, labels: [] };
      this.#models = [...this.#models.filter((model) => !isSame(model, loaded)), loaded];
      return loaded;
    });
  }

  unloadModel(name: string, version: string): Promise<void> {
    this.changes.push({ unload: `${name}:${version}` });
    return this.#run(undefined, () => {
      this.#models = this.#models.filter((model) => !isSame(model, { name, version }));
    });
  }

  setLabel(label: ModelLabel): Promise<void> {
    this.changes.push({ label });
    return this.#run(undefined, () => {
      if (!this.#models.some(({ name }) => name === label.name)) {
        throw new GatewayError('model_not_found', `name: ${label.name} is not loaded`, { field: 'name' });
      }
      this.#models = this.#models.map((model) => {
        const others = model.labels.filter((existing) => model.name !== label.name || existing.label !== label.label);
        return { ...model, labels: isSame(model, label) ? [...others, pick(label)] : others };
      });
    });
  }

  memory(): MemoryBudget {
    return { maxBytes: 0, totalBytes: 0, models: [] };
  }

  unreadyReason(): string | undefined {
    return this.reason;
  }

  async stats(): Promise<RuntimeStats> {
    return { activeRequests: this.#active, slotsInUse: this.#active, nativeHandles: 0 };
  }

  /** Makes the next request wait, then answers as before; resolves when it has arrived. */
  holdNext(): Promise<Held> {
    return new Promise((arrived) => {
      this.#gate = (signal) => hold(signal, arrived);
    });
  }

  /** Makes the next request fail. */
  failNext(error: unknown): void {
    this.#gate = () => Promise.reject(error);
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    assert.equal(this.#disposed, false, 'disposed twice');
    this.#disposed = true;
  }

  async #run<T>(signal: AbortSignal | undefined, answer: () => T | Promise<T>): Promise<T> {
    assert.equal(this.#disposed, false, 'a disposed runtime was asked');
    const gate = this.#gate;
    this.#gate = undefined;
    this.#active++;
    try {
      await gate?.(signal);
      return await answer();
    } finally {
      this.#active--;
    }
  }
}

function isSame(model: ModelInfo, { name, version }: Pick<ModelInfo, 'name' | 'version'>): boolean {
  return model.name === name && model.version === version;
}

function pick({ label, share }: ModelLabel): ModelInfo['labels'][number] {
  return { label, share };
}

/** Like an engine, it notices an abort and ends the request with `cancelled`. */
function hold(signal: AbortSignal | undefined, arrived: (held: Held) => void): Promise<void> {
  return new Promise((release, reject) => {
    const aborted = new Promise<void>((gone) => {
      signal?.addEventListener('abort', () => {
        reject(new GatewayError('cancelled', 'aborted'));
        gone();
      });
    });
    arrived({ aborted, release });
  });
}

/** Clicks the control that the length of the request points at; without controls the task is done. */
export function fakePrediction(state: State, options: PredictOptions): Prediction {
  const { length } = state.controls;
  const first = (state.userRequest.length + options.seed) % Math.max(1, length);
  const count = Math.max(1, Math.min(options.candidates ?? 1, length));
  const candidates = Array.from({ length: count }, (_, i) => fakeCandidate(state, options, (first + i) % length));
  const [best] = candidates;
  assert.ok(best);
  return {
    model: FAKE_MODEL.name,
    version: FAKE_MODEL.version,
    action: best.action,
    confidence: best.confidence,
    candidates: options.rerank ? candidates.map((c, i) => ({ ...c, reward: fakeReward(i) })) : candidates,
    grounded: true,
    usage: { promptTokens: length, cachedTokens: 0, generatedTokens: 3, forcedTokens: 4 },
    timing: { queueMs: 0.5, renderMs: 1.25, prefillMs: 2, decodeMs: 3.0004, totalMs: 6.75 },
  };
}

function fakeCandidate(state: State, { temperature, wantThought }: PredictOptions, index: number): Candidate {
  const control = state.controls[index];
  const name = state.allowedFunctions.find((allowed) => functionCatalog.get(allowed)?.appliesTo === 'any');
  const acts = control !== undefined && name !== undefined;
  return {
    action: {
      thought: wantThought ? 'because' : '',
      controlId: acts ? control.id : '',
      controlName: acts ? control.name : '',
      function: acts ? name : '',
      args: name === 'click_input' && acts ? { button: 'right', double: true } : {},
      status: acts ? 'CONTINUE' : 'FINISH',
      plan: [],
    },
    confidence: { control: 0.123456789, function: 1, args: 1 - temperature / 4, status: 0.5 },
    probability: 0.0617283945,
  };
}

/** Less for each next one. */
function fakeReward(index: number): { readonly raw: number; readonly score: number } {
  const raw = 1 - index;
  return { raw, score: 1 / (1 + Math.exp(-raw)) };
}

/** What an engine reports of a step in which it did nothing. */
export function aStepReport(overrides: Partial<StepReport> = {}): StepReport {
  return {
    model: FAKE_MODEL.name,
    version: FAKE_MODEL.version,
    decodeRows: 0,
    chunkTokens: 0,
    durationMs: 1,
    runMs: 1,
    maskMs: 0,
    kvMs: 0,
    generatedTokens: 0,
    forcedTokens: 0,
    prefixQueriedTokens: 0,
    prefixHitTokens: 0,
    prefixEvictedBlocks: 0,
    prefixStoreBytes: 0,
    slotsInUse: 0,
    slotsTotal: 8,
    waitingRequests: 0,
    waitingTokens: 0,
    ...overrides,
  };
}
