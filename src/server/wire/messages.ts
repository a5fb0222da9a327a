/** The messages of action.proto and state.proto as plain objects in their spelling: what both protocols decode to. */

/** Absent fields are undefined (JSON), null (JSON, or an absent `optional` in protobuf) or the type's zero value. */
export type Optional<T> = { readonly [K in keyof T]?: T[K] | null };

export type AppMessage = Optional<{ process_name: string; window_title: string }>;

export type ControlMessage = Optional<{
  id: string;
  name: string;
  type: string;
  rect: readonly number[];
  automation_id: string;
  enabled: boolean;
  selected: boolean;
  source: string;
}>;

export type ControlChangesMessage = Optional<{
  base_hash: string;
  removed_ids: readonly string[];
  changed: readonly ControlMessage[];
  added: readonly Optional<{ control: ControlMessage; after_id: string }>[];
}>;

/** A google.protobuf.Struct as a plain object. */
export type ArgsMessage = Readonly<Record<string, unknown>>;

export type PreviousActionMessage = Optional<{
  step: number;
  function: string;
  args: ArgsMessage;
  control_id: string;
  control_name: string;
  status: string;
  result_status: string;
  error: string;
  result: string;
}>;

/** What every request for a model has. */
type Addressed = {
  request_id: string;
  session_id: string;
  client_id: string;
  model: string;
};

/** What a state is read from: the fields that PredictActionRequest and ScoreActionsRequest share. */
export type StateFields = {
  user_request: string;
  subtask: string;
  app: AppMessage;
  controls: readonly ControlMessage[];
  previous_plan: readonly string[];
  previous_actions: readonly PreviousActionMessage[];
};

export type OptionsMessage = Optional<{
  temperature: number;
  seed: number;
  max_text_bytes: number;
  candidates: number;
  rerank: boolean;
  priority: number;
  want_thought: boolean;
  want_plan: boolean;
}>;

export type PredictActionRequest = Optional<
  Addressed &
    StateFields & {
      controls_truncated: boolean;
      allowed_functions: readonly string[];
      options: OptionsMessage;
      control_changes: ControlChangesMessage;
    }
>;

export type ActionFields = {
  readonly thought: string;
  readonly observation: string;
  readonly control_id: string;
  readonly control_name: string;
  readonly function: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly status: string;
  readonly plan: readonly string[];
  readonly comment: string;
  readonly result: string;
};

export type ConfidenceMessage = {
  readonly control: number;
  readonly function: number;
  readonly args: number;
  readonly status: number;
};

export type RewardMessage = { readonly raw: number; readonly score: number };

export type PolicyDecisionMessage = {
  readonly effect: 'allow' | 'confirm' | 'deny';
  readonly rule: string;
  readonly reason: string;
};

export type CandidateMessage = {
  readonly action: ActionFields;
  readonly confidence: ConfidenceMessage;
  readonly probability: number;
  readonly reward?: RewardMessage;
  readonly policy: PolicyDecisionMessage;
};

export type UsageMessage = {
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  readonly generated_tokens: number;
  readonly forced_tokens: number;
};

export type TimingMessage = {
  readonly queue_ms: number;
  readonly render_ms: number;
  readonly prefill_ms: number;
  readonly decode_ms: number;
  readonly total_ms: number;
};

/** Who answered what. */
type Answer = { readonly request_id: string; readonly model: string; readonly version: string };

export type PredictActionResponse = Answer & {
  readonly action: ActionFields;
  readonly requires_confirmation: boolean;
  readonly grounded: boolean;
  readonly warnings: readonly string[];
  readonly confidence: ConfidenceMessage;
  readonly usage: UsageMessage;
  readonly timing: TimingMessage;
  readonly candidates: readonly CandidateMessage[];
  readonly reward?: RewardMessage;
  readonly policy: PolicyDecisionMessage;
  readonly observation_hash: string;
  readonly step: number;
  readonly reversible?: boolean;
  readonly undo?: ActionFields;
};

export type ChoiceMessage = {
  readonly request_id: string;
  readonly control_id: string;
  readonly control_name: string;
  readonly function: string;
};

/** Exactly one of the two. */
export type PredictActionUpdate = { readonly choice: ChoiceMessage } | { readonly response: PredictActionResponse };

export type PredictPlanRequest = Optional<Addressed & { user_request: string; app: AppMessage; priority: number }>;

export type PredictPlanResponse = Answer & {
  readonly plan: readonly string[];
  readonly usage: UsageMessage;
  readonly timing: TimingMessage;
};

export type ActionMessage = Optional<Omit<ActionFields, 'args'> & { args: ArgsMessage }>;

export type ScoreActionsRequest = Optional<
  Addressed & StateFields & { actions: readonly ActionMessage[]; priority: number }
>;

export type ScoreActionsResponse = Answer & {
  readonly rewards: readonly RewardMessage[];
  readonly timing: TimingMessage;
};
