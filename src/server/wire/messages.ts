/** The messages of proto/lam/v1 as plain objects in the spelling of the .proto files: what both protocols decode to. */
import type { Status } from '../../runtime/index.ts';

/** Absent fields are undefined (JSON), null (JSON, or an absent `optional` in protobuf) or the type's zero value. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | null };

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

export type PreviousActionMessage = Optional<{
  step: number;
  function: string;
  /** A google.protobuf.Struct as a plain object. */
  args: Readonly<Record<string, unknown>>;
  control_id: string;
  control_name: string;
  status: string;
  result_status: string;
  error: string;
  result: string;
}>;

export type PredictActionRequest = Optional<{
  request_id: string;
  session_id: string;
  client_id: string;
  model: string;
  user_request: string;
  subtask: string;
  app: Optional<{ process_name: string; window_title: string }>;
  controls: readonly ControlMessage[];
  controls_truncated: boolean;
  previous_plan: readonly string[];
  previous_actions: readonly PreviousActionMessage[];
  allowed_functions: readonly string[];
  options: Optional<{ temperature: number; seed: number; max_text_bytes: number }>;
}>;

export type PredictActionResponse = {
  readonly request_id: string;
  readonly model: string;
  readonly version: string;
  readonly action: {
    readonly thought: string;
    readonly observation: string;
    readonly control_id: string;
    readonly control_name: string;
    readonly function: string;
    readonly args: Readonly<Record<string, string | number | boolean>>;
    readonly status: Status;
    readonly plan: readonly string[];
    readonly comment: string;
    readonly result: string;
  };
  readonly requires_confirmation: boolean;
  readonly grounded: boolean;
  readonly warnings: readonly string[];
  readonly confidence: {
    readonly control: number;
    readonly function: number;
    readonly args: number;
    readonly status: number;
  };
  readonly usage: {
    readonly prompt_tokens: number;
    readonly cached_tokens: number;
    readonly generated_tokens: number;
    readonly forced_tokens: number;
  };
  readonly timing: {
    readonly queue_ms: number;
    readonly render_ms: number;
    readonly prefill_ms: number;
    readonly decode_ms: number;
    readonly total_ms: number;
  };
};

export type ModelMessage = {
  readonly name: string;
  readonly version: string;
  readonly role: string;
  readonly dialect: string;
  readonly context_length: number;
  readonly parameters: number;
  readonly quantization: string;
  readonly state: string;
  readonly reason: string;
};

export type ListModelsResponse = { readonly models: readonly ModelMessage[] };
