/** What the server sees of the runtime: models by name, and one grounded action per state. */
import type { Action, Confidence, State, Timing, Usage } from './types.ts';

export type ModelInfo = {
  readonly name: string;
  readonly version: string;
  readonly role: 'plan' | 'action' | 'reward';
  readonly dialect: string;
  readonly contextLength: number;
  readonly parameters: number;
  readonly quantization: string;
  /** `restarting`: its engine failed and is being started again. `draining`: it finishes what it has, for another version or an unload. */
  readonly state: 'loading' | 'ready' | 'failed' | 'restarting' | 'draining';
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
  /** Labels that point at this version, with their share of the traffic, 0..1. */
  readonly labels: readonly { readonly label: string; readonly share: number }[];
};

/** What every request may ask of the runtime, whatever it is for. */
export type RequestOptions = {
  /** `name`, `name:version`, `name:label`, or empty for the default model of the request's role. */
  readonly model: string;
  /** Requests with the same key keep to one version while labels share traffic; empty: none. */
  readonly stickyKey?: string;
  /** 0 (default) is served first, then 1, ... up to 9. */
  readonly priority?: number;
  /** Point on `monotonicMs`; absent: none. */
  readonly deadlineMs?: number;
  /** Aborting ends the work by the next step. */
  readonly signal: AbortSignal;
  /** Called as soon as it is decided which version the request is for, before it waits for anything. */
  readonly onRoute?: (version: RoutedVersion) => void;
};

/** The version that a request is for, whether it serves or not. */
export type RoutedVersion = Pick<ModelInfo, 'name' | 'version'>;

export type PredictOptions = RequestOptions & {
  /** 0 (the likeliest) .. 2. */
  readonly temperature: number;
  readonly seed: number;
  /** Longest text argument the model may write, in UTF-8 bytes. */
  readonly maxTextBytes: number;
  /** Most distinct actions wanted, 1 (default) .. 16. */
  readonly candidates?: number;
  /** Orders the candidates by probability and reward together, see `reward/preference.ts`. Default false: by probability. */
  readonly rerank?: boolean;
  /** Lets the model write `thought` and `plan`, if it is trained to. Default false: both stay empty. */
  readonly wantThought?: boolean;
  readonly wantPlan?: boolean;
  /**
   * Called at most once, before the answer, as soon as control and function are chosen and more is to come; never for several
   * candidates. The answer says the same. What it throws fails the request.
   */
  readonly onChoice?: (choice: Choice) => void;
};

/** The first part of an action that is known while the rest is still being decoded. */
export type Choice = Pick<Action, 'controlId' | 'controlName' | 'function'>;

/** One of several actions for a state. */
export type Candidate = {
  readonly action: Action;
  readonly confidence: Confidence;
  /** Of the whole answer, words included: the product of the probabilities of its decisions, 0..1. */
  readonly probability: number;
  /** Present when the reward model had a say in the order. */
  readonly reward?: Reward;
};

/** What a reward model says of an action: `score` is the sigmoid of `raw`. */
export type Reward = { readonly raw: number; readonly score: number };

export type Prediction = {
  readonly model: string;
  readonly version: string;
  /** The first candidate's. */
  readonly action: Action;
  readonly confidence: Confidence;
  /** Distinct actions, best first; at least one. */
  readonly candidates: readonly Candidate[];
  /** The control's id and name are those of one listed control, checked after decoding (or the function needs none). */
  readonly grounded: boolean;
  readonly usage: Usage;
  /** `totalMs` and `renderMs` count from the call. */
  readonly timing: Timing;
};

/** What a plan is made for. */
export type PlanTask = { readonly userRequest: string; readonly app: State['app'] };

export type PlanPrediction = {
  readonly model: string;
  readonly version: string;
  /** Steps in words, in order. */
  readonly plan: readonly string[];
  readonly usage: Usage;
  readonly timing: Timing;
};

export type Scores = {
  readonly model: string;
  readonly version: string;
  /** One per action, in the order that was asked. */
  readonly rewards: readonly Reward[];
  readonly timing: { readonly queueMs: number; readonly totalMs: number };
};

/** Counts that a drain, a test or a metric needs. All zero when nothing is under way. */
export type RuntimeStats = {
  readonly activeRequests: number;
  readonly slotsInUse: number;
  readonly nativeHandles: number;
};

/** What a loaded version takes at most, in bytes. Held from before it starts until it is gone. */
export type ModelMemory = {
  readonly name: string;
  readonly version: string;
  /** Once they are loaded; what the backend packs for its own use comes on top. */
  readonly weightsBytes: number;
  /** Slots x context x KV per token. */
  readonly kvBytes: number;
  readonly prefixStoreBytes: number;
  /** Sum of the above. */
  readonly totalBytes: number;
};

export type MemoryBudget = {
  /** What all models together may take; 0: there is no ceiling. */
  readonly maxBytes: number;
  readonly totalBytes: number;
  readonly models: readonly ModelMemory[];
};

/**
 * Loaded models behind one door. Errors are `GatewayError`: `context_length` (the rendered state does not fit),
 * `model_not_found`, `overloaded` (the engine's queue is full), `deadline_exceeded`, `cancelled`, `unavailable`
 * (the engine is not running), `backend_failed`, `internal`.
 */
export interface Runtime extends AsyncDisposable {
  /**
   * Says that `predictAction` is about to be called for this model, so that its engine is awake by then: to wake a thread takes longer
   * than much of what is done for a request. Never throws; what is wrong with the request, the request is told.
   */
  expectAction(options: Pick<RequestOptions, 'model' | 'stickyKey'>): void;
  predictAction(state: State, options: PredictOptions): Promise<Prediction>;
  /** By a model of role `plan`. */
  predictPlan(task: PlanTask, options: RequestOptions): Promise<PlanPrediction>;
  /** By a model of role `reward`; 1..64 actions. */
  scoreActions(state: State, actions: readonly Action[], options: RequestOptions): Promise<Scores>;
  models(): readonly ModelInfo[];
  /**
   * Loads a version from the models directory, or loads it anew. It takes traffic once it is warmed up; the one that it
   * replaces is drained. When it throws (`model_not_found`, `unavailable` with the reason, `failed_precondition` when there is
   * no memory left for it), what served before still does.
   */
  loadModel(name: string, version: string): Promise<ModelInfo>;
  /** Drains and releases a version. Throws `model_not_found`, or `failed_precondition` while it is a default or a label's target. */
  unloadModel(name: string, version: string): Promise<void>;
  /** Points `label` of a model at a loaded version; `share` (0..1) of the requests that name only the model go there. */
  setLabel(label: ModelLabel): Promise<void>;
  /** Undefined when every model answers; else the reason why the runtime is not ready. */
  unreadyReason(): string | undefined;
  stats(): Promise<RuntimeStats>;
  /** As of now; old and new count both while one replaces the other. */
  memory(): MemoryBudget;
}

/** For example `stable` with a share of 0.95 and `canary` with 0.05. An empty version removes the label. */
export type ModelLabel = {
  readonly name: string;
  readonly label: string;
  readonly version: string;
  /** Of the traffic that names the model alone, 0..1. */
  readonly share: number;
};
