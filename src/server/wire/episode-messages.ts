/** The messages of episode.proto, and of StreamActions, which is about one episode, as plain objects in their spelling. */
import type { ActionFields, Optional, PredictActionRequest, PredictActionResponse } from './messages.ts';

export type ReportOutcomeRequest = Optional<{
  request_id: string;
  session_id: string;
  step: number;
  result_status: string;
  error: string;
  result: string;
  observed_change: string;
}>;

export type ReportOutcomeResponse = { readonly request_id: string; readonly step: EpisodeStepMessage };

export type GetEpisodeRequest = Optional<{ session_id: string }>;

export type EndEpisodeRequest = Optional<{ request_id: string; session_id: string; outcome: string; comment: string }>;

export type EpisodeMessage = {
  readonly session_id: string;
  readonly user_request: string;
  readonly state: string;
  readonly outcome: string;
  readonly comment: string;
  readonly create_time: string;
  readonly update_time: string;
  readonly steps: readonly EpisodeStepMessage[];
  readonly plan: readonly string[];
};

/** What is known of taking an action back; nothing is, when both are absent. */
export type UndoFields = { readonly reversible?: boolean; readonly undo?: ActionFields };

export type EpisodeStepMessage = UndoFields & {
  readonly step: number;
  readonly request_id: string;
  readonly action: ActionFields;
  readonly result_status: string;
  readonly error: string;
  readonly result: string;
  readonly observed_change: string;
  readonly create_time: string;
  readonly repeats: number;
};

export type RollbackEpisodeRequest = Optional<{ request_id: string; session_id: string; steps: number }>;

export type RollbackEpisodeResponse = {
  readonly request_id: string;
  readonly undo: readonly { readonly step: number; readonly action: ActionFields }[];
  readonly stopped_at?: IrreversibleStepMessage;
  readonly irreversible: readonly IrreversibleStepMessage[];
};

export type IrreversibleStepMessage = { readonly step: number; readonly reason: string };

/** Exactly one of the two; what is not that is refused. */
export type StreamActionsRequest = Optional<{ observation: PredictActionRequest; outcome: ReportOutcomeRequest }>;

export type StreamActionsResponse = { readonly session_id: string } & (
  | { readonly action: PredictActionResponse }
  | {
      readonly error: {
        readonly request_id: string;
        readonly code: string;
        readonly message: string;
        readonly field: string;
        readonly retry_after_ms: number;
        readonly message_number: number;
      };
    }
);
