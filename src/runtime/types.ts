/** The protocol-free vocabulary of the runtime: what an agent observes, and what it is told to do. */

/** One UI Automation control as the agent sees it. Ids are valid for this observation only. */
export type Control = {
  readonly id: string;
  /** The control's accessible name; may be empty, may be shared with other controls. */
  readonly name: string;
  /** UI Automation control type, e.g. `Button`, `TabItem`, `Edit`. */
  readonly type: string;
  /** Screen rectangle in pixels: left, top, right, bottom. */
  readonly rect?: readonly [number, number, number, number];
  readonly automationId?: string;
  /** False: listed but cannot be acted on. Absent means enabled. */
  readonly enabled?: boolean;
  /** Toggle or selection state, where the control has one. */
  readonly selected?: boolean;
};

export type Status = 'CONTINUE' | 'FINISH' | 'FAIL' | 'CONFIRM';
export const STATUSES: readonly Status[] = ['CONTINUE', 'FINISH', 'FAIL', 'CONFIRM'];

export type ResultStatus = 'success' | 'failure' | 'skipped' | 'none';

/** Arguments of a function call, without `id` and `name` of the control. */
export type Args = Readonly<Record<string, string | number | boolean>>;

/** An action taken earlier in the episode, with what the environment answered. Oldest first in a state. */
export type PreviousAction = {
  readonly function: string;
  readonly args: Args;
  readonly controlName: string;
  readonly resultStatus: ResultStatus;
  readonly error: string;
};

/** Everything the model may look at. Validated before it reaches the runtime. */
export type State = {
  /** What the user asked for, in words. */
  readonly userRequest: string;
  /** The part of it to do now, or empty. */
  readonly subtask: string;
  /** Process name (`WINWORD.EXE`) and window title; empty when unknown. */
  readonly app: { readonly processName: string; readonly windowTitle: string };
  /** In the order of the UI tree: what every window has first, pop-ups and dialogs last. */
  readonly controls: readonly Control[];
  readonly previousPlan: readonly string[];
  readonly previousActions: readonly PreviousAction[];
  /** Names out of the function catalog; the answer uses no other. */
  readonly allowedFunctions: readonly string[];
};

/** The canonical action record: what every dialect is converted to. */
export type Action = {
  readonly thought: string;
  /** Id of the target control, or '' when the function needs none. */
  readonly controlId: string;
  /** Exactly the listed name of that control, or ''. */
  readonly controlName: string;
  /** Name out of the function catalog, or '' when nothing is to be executed. */
  readonly function: string;
  readonly args: Args;
  readonly status: Status;
  readonly plan: readonly string[];
};

/** Names nothing and executes nothing. */
export const NO_ACTION: Action = {
  thought: '',
  controlId: '',
  controlName: '',
  function: '',
  args: {},
  status: 'CONTINUE',
  plan: [],
};

/** What part of an answer a decoding decision belongs to; `words`: thoughts and plans, which are about actions but none of them. */
export type ChoiceField = 'control' | 'function' | 'args' | 'status' | 'words';

/** Probability that the model gave to what was chosen, renormalised over what the grammar allowed; one per field, 0..1. */
export type Confidence = Readonly<Record<Exclude<ChoiceField, 'words'>, number>>;

export type Usage = {
  readonly promptTokens: number;
  /** Prompt tokens whose KV was reused rather than computed. */
  readonly cachedTokens: number;
  /** Answer tokens that the model chose. */
  readonly generatedTokens: number;
  /** Answer tokens that the grammar left no choice about. */
  readonly forcedTokens: number;
};

/** Durations in milliseconds; `total` spans all of them and what lies between. */
export type Timing = {
  readonly queueMs: number;
  readonly renderMs: number;
  /** Building the grammar of the answer: a part of `renderMs`, or while the prompt is computed. */
  readonly grammarMs?: number;
  readonly prefillMs: number;
  readonly decodeMs: number;
  readonly totalMs: number;
};
