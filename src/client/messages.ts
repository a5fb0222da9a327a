/** The messages of action.proto and state.proto, in their spelling: what is sent and what comes back, over either protocol. */
import type { ReportOutcomeRequest } from './episode-messages.ts';

export type App = { readonly process_name?: string; readonly window_title?: string };

/** One UI Automation control. */
export type Control = {
  /** Unique in the list. */
  readonly id: string;
  readonly name?: string;
  /** For example `Button`. */
  readonly type: string;
  /** Left, top, right, bottom in pixels. */
  readonly rect?: readonly number[];
  readonly automation_id?: string;
  /** Absent: enabled. */
  readonly enabled?: boolean;
  readonly selected?: boolean;
  readonly source?: string;
};

/** The difference of two observations of one episode: removed, then changed, then added one after another. */
export type ControlChanges = {
  /** `observation_hash` of the answer to the observation that this one differs from. */
  readonly base_hash: string;
  readonly removed_ids: readonly string[];
  readonly changed: readonly Control[];
  readonly added: readonly AddedControl[];
};

export type AddedControl = {
  readonly control: Control;
  /** The control that it comes right behind; empty: it comes first. */
  readonly after_id: string;
};

/** Arguments of a function by name. */
export type Args = Readonly<Record<string, string | number | boolean>>;
export type ActionStatus = 'CONTINUE' | 'FINISH' | 'FAIL' | 'CONFIRM';

export type PreviousAction = {
  readonly step?: number;
  readonly function?: string;
  readonly args?: Args;
  readonly control_id?: string;
  readonly control_name?: string;
  readonly status?: ActionStatus | '';
  readonly result_status?: 'success' | 'failure' | 'skipped' | 'none';
  readonly error?: string;
  readonly result?: string;
};

/** What every request for a model may have. */
type Addressed = {
  /** Made by the client if absent. A repeat with the same id gets the same answer and is not done twice. */
  readonly request_id?: string;
  /** Names the episode; absent: none. */
  readonly session_id?: string;
  /** Names the agent, for logs. */
  readonly client_id?: string;
  /** `name`, `name:version` or `name:label`; absent: the gateway's default. */
  readonly model?: string;
};

type StateFields = {
  readonly subtask?: string;
  readonly app?: App;
  /** In the order of the UI tree. */
  readonly controls?: readonly Control[];
  readonly previous_plan?: readonly string[];
  readonly previous_actions?: readonly PreviousAction[];
};

export type Options = {
  readonly temperature?: number;
  readonly seed?: number;
  readonly max_text_bytes?: number;
  readonly candidates?: number;
  readonly rerank?: boolean;
  readonly priority?: number;
  readonly want_thought?: boolean;
  readonly want_plan?: boolean;
};

export type PredictActionRequest = Addressed &
  StateFields & {
    /** Required but in an episode that the gateway remembers. */
    readonly user_request?: string;
    readonly controls_truncated?: boolean;
    readonly allowed_functions?: readonly string[];
    readonly options?: Options;
    /** In place of `controls`. */
    readonly control_changes?: ControlChanges;
  };

export type Action = {
  readonly thought: string;
  readonly observation: string;
  readonly control_id: string;
  readonly control_name: string;
  /** Empty: nothing is to be executed. */
  readonly function: string;
  readonly args: Args;
  readonly status: ActionStatus;
  readonly plan: readonly string[];
  readonly comment: string;
  readonly result: string;
};

export type Confidence = {
  readonly control: number;
  readonly function: number;
  readonly args: number;
  readonly status: number;
};

export type Reward = { readonly raw: number; readonly score: number };

export type PolicyDecision = {
  readonly effect: 'allow' | 'confirm' | 'deny';
  readonly rule: string;
  readonly reason: string;
};

export type Candidate = {
  readonly action: Action;
  readonly confidence: Confidence;
  readonly probability: number;
  readonly reward?: Reward;
  readonly policy: PolicyDecision;
};

export type Usage = {
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly generated_tokens: number;
  readonly forced_tokens: number;
};

/** Milliseconds. */
export type Timing = {
  readonly queue_ms: number;
  readonly render_ms: number;
  readonly prefill_ms: number;
  readonly decode_ms: number;
  readonly total_ms: number;
};

/** Who answered what. */
type Answer = { readonly request_id: string; readonly model: string; readonly version: string };

export type PredictActionResponse = Answer & {
  readonly action: Action;
  /** Ask a person before executing. */
  readonly requires_confirmation: boolean;
  readonly grounded: boolean;
  readonly warnings: readonly string[];
  readonly confidence: Confidence;
  readonly usage: Usage;
  readonly timing: Timing;
  readonly candidates: readonly Candidate[];
  readonly reward?: Reward;
  readonly policy: PolicyDecision;
  /** For a later `control_changes.base_hash`; empty: the gateway keeps none. */
  readonly observation_hash: string;
  /** Of the episode, from 1; 0: the gateway keeps none. */
  readonly step: number;
  readonly reversible?: boolean;
  readonly undo?: Action;
};

/** What the model has decided on so far: something to show, nothing to execute. */
export type Choice = {
  readonly request_id: string;
  readonly control_id: string;
  readonly control_name: string;
  readonly function: string;
};

/** Exactly one of the two. */
export type PredictActionUpdate =
  | { readonly choice: Choice; readonly response?: undefined }
  | { readonly response: PredictActionResponse; readonly choice?: undefined };

export type PredictPlanRequest = Addressed & {
  readonly user_request: string;
  readonly app?: App;
  readonly priority?: number;
};

export type PredictPlanResponse = Answer & {
  readonly plan: readonly string[];
  readonly usage: Usage;
  readonly timing: Timing;
};

export type ScoreActionsRequest = Addressed &
  StateFields & {
    readonly user_request: string;
    readonly actions: readonly Partial<Action>[];
    readonly priority?: number;
  };

export type ScoreActionsResponse = Answer & { readonly rewards: readonly Reward[]; readonly timing: Timing };

/** Exactly one of the two. */
export type StreamActionsRequest =
  | { readonly observation: PredictActionRequest; readonly outcome?: undefined }
  | { readonly outcome: ReportOutcomeRequest; readonly observation?: undefined };

/** Exactly one of the two. */
export type StreamActionsResponse = {
  /** The episode, also where the client named none. */
  readonly session_id: string;
} & (
  | { readonly action: PredictActionResponse; readonly error?: undefined }
  | { readonly error: StreamError; readonly action?: undefined }
);

/** An error that ends one message's work but not the stream. */
export type StreamError = {
  readonly request_id: string;
  readonly code: string;
  readonly message: string;
  readonly field: string;
  readonly retry_after_ms: number;
  /** Which message of the stream it is about, from 1. */
  readonly message_number: number;
};
