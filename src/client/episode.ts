/** One user's task, step by step: sends what changed since the last step, and copes with a gateway that has forgotten. */
import { type CallOptions, newId } from './caller.ts';
import { diffControls } from './diff-controls.ts';
import type {
  EndEpisodeRequest,
  EpisodeOutcome,
  EpisodeRecord,
  ReportOutcomeRequest,
  ReportOutcomeResponse,
  ResultStatus,
} from './episode-messages.ts';
import { LamClientError } from './errors.ts';
import type { App, Control, PredictActionRequest, PredictActionResponse, PreviousAction } from './messages.ts';

/** What an episode needs of a client. */
export interface EpisodeClient {
  predictAction(request: PredictActionRequest, options?: CallOptions): Promise<PredictActionResponse>;
  reportOutcome(request: ReportOutcomeRequest, options?: CallOptions): Promise<ReportOutcomeResponse>;
  endEpisode(request: EndEpisodeRequest, options?: CallOptions): Promise<EpisodeRecord>;
}

export type EpisodeOptions = Pick<PredictActionRequest, 'client_id' | 'model' | 'options' | 'allowed_functions'> & {
  /** The session id; made if absent. */
  readonly id?: string;
  /** What the user asked for, in words. */
  readonly task: string;
  readonly app?: App;
};

/** What a step says beside the controls. */
export type StepDetails = Pick<PredictActionRequest, 'subtask' | 'controls_truncated' | 'options'> & {
  /** When it differs from the episode's. */
  readonly app?: App;
};

export type StepOutcome = {
  readonly result_status: ResultStatus;
  /** Why it failed, for the model. */
  readonly error?: string;
  readonly result?: string;
  readonly observed_change?: string;
};

/** What the gateway was last known to remember. */
type Base = { readonly hash: string; readonly controls: readonly Control[] };
/** One that was answered; the outcome is the last one reported. */
type Step = { readonly answer: PredictActionResponse; outcome: StepOutcome | undefined };

/** As many as a request may have. */
const MAX_HISTORY = 256;

/**
 * A difference presumes that the gateway remembers the episode, and is refused if it does not. A whole list is sent with
 * the task and the history, so that any gateway can answer it. One step at a time.
 */
export class Episode {
  readonly id: string;
  readonly #client: EpisodeClient;
  readonly #options: EpisodeOptions;
  readonly #steps: Step[] = [];
  #app: App | undefined;
  #base: Base | undefined;

  constructor(client: EpisodeClient, options: EpisodeOptions) {
    this.id = options.id ?? newId();
    this.#client = client;
    this.#options = options;
    this.#app = options.app;
  }

  /** Number of answers so far. */
  get numSteps(): number {
    return this.#steps.length;
  }

  /** The next action for what is on the screen now. Fails like `predictAction`; may be called again then. */
  async step(
    controls: readonly Control[],
    details: StepDetails = {},
    options: CallOptions = {},
  ): Promise<PredictActionResponse> {
    // A copy, because callers may go on working with theirs.
    const seen = structuredClone(controls);
    const answer = await this.#ask(seen, details, options);
    this.#steps.push({ answer, outcome: undefined });
    this.#app = details.app ?? this.#app;
    const hash = answer.observation_hash;
    this.#base = hash === '' ? undefined : { hash, controls: seen };
    return answer;
  }

  /** What came of the last action. A gateway that has forgotten the episode is told with the next step. */
  async report(outcome: StepOutcome, options: CallOptions = {}): Promise<void> {
    const last = this.#steps.at(-1);
    if (last === undefined) throw new LamClientError('failed_precondition', 'there is no action to report on');
    last.outcome = outcome;
    const { step } = last.answer;
    // Without memory over there, what is kept here is sent with the next step.
    if (step === 0) return;
    await this.#unlessForgotten(this.#client.reportOutcome({ session_id: this.id, step, ...outcome }, options));
  }

  /** Lets the gateway forget. Later steps with this id would begin a new episode. */
  async end(outcome?: EpisodeOutcome, comment?: string, options: CallOptions = {}): Promise<void> {
    if (this.#steps.length === 0) return;
    const told = { ...(outcome && { outcome }), ...(comment && { comment }) };
    await this.#unlessForgotten(this.#client.endEpisode({ session_id: this.id, ...told }, options));
  }

  async #ask(controls: readonly Control[], details: StepDetails, options: CallOptions): Promise<PredictActionResponse> {
    const base = this.#base;
    const difference = base && diffControls(base.controls, controls);
    // Until an answer acknowledges something newer, nothing is known of what the gateway remembers.
    this.#base = undefined;
    if (difference === undefined) return this.#client.predictAction(this.#whole(controls, details), options);
    const control_changes = { base_hash: base?.hash ?? '', ...difference };
    try {
      return await this.#client.predictAction({ ...this.#common(details), control_changes }, options);
    } catch (error) {
      const isForgotten = error instanceof LamClientError && error.code === 'failed_precondition';
      if (!isForgotten) throw error;
      return this.#client.predictAction(this.#whole(controls, details), options);
    }
  }

  #common(details: StepDetails): PredictActionRequest {
    const { client_id, model, options, allowed_functions } = this.#options;
    return {
      session_id: this.id,
      ...(client_id !== undefined && { client_id }),
      ...(model !== undefined && { model }),
      ...(options && { options }),
      ...(allowed_functions && { allowed_functions }),
      ...details,
    };
  }

  #whole(controls: readonly Control[], details: StepDetails): PredictActionRequest {
    const app = details.app ?? this.#app;
    const plan = this.#steps.at(-1)?.answer.action.plan ?? [];
    return {
      ...this.#common(details),
      user_request: this.#options.task,
      ...(app && { app }),
      controls,
      ...(plan.length > 0 && { previous_plan: plan }),
      previous_actions: this.#steps.filter(isAction).slice(-MAX_HISTORY).map(toPreviousAction),
    };
  }

  async #unlessForgotten(call: Promise<unknown>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (!(error instanceof LamClientError && error.code === 'not_found')) throw error;
      this.#base = undefined;
    }
  }
}

/** What was taken back has not happened; what executes nothing is no action. */
function isAction({ answer, outcome }: Step): boolean {
  return answer.action.function !== '' && outcome?.result_status !== 'undone';
}

function toPreviousAction({ answer, outcome }: Step, index: number): PreviousAction {
  const { action, step } = answer;
  const { result_status = 'none', error = '', result = '' } = outcome ?? {};
  return {
    step: step || index + 1,
    function: action.function,
    args: action.args,
    control_id: action.control_id,
    control_name: action.control_name,
    status: action.status,
    result_status: result_status === 'undone' ? 'none' : result_status,
    error,
    result,
  };
}
