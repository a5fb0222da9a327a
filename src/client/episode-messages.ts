/** The messages of episode.proto, in its spelling. */
import type { Action } from './messages.ts';

export type ResultStatus = 'success' | 'failure' | 'skipped' | 'undone';

export type ReportOutcomeRequest = {
  readonly request_id?: string;
  readonly session_id: string;
  /** `step` of the answer that is reported on; 0 or absent: the latest. */
  readonly step?: number;
  readonly result_status: ResultStatus;
  /** Why it failed, shown to the model at the next step. */
  readonly error?: string;
  readonly result?: string;
  readonly observed_change?: string;
};

export type ReportOutcomeResponse = { readonly request_id: string; readonly step: EpisodeStep };

export type GetEpisodeRequest = { readonly session_id: string };

export type EpisodeOutcome = 'success' | 'failure' | 'abandoned';

export type EndEpisodeRequest = {
  readonly request_id?: string;
  readonly session_id: string;
  /** Absent: not known. */
  readonly outcome?: EpisodeOutcome;
  readonly comment?: string;
};

/** What the gateway remembers of an episode. */
export type EpisodeRecord = {
  readonly session_id: string;
  readonly user_request: string;
  readonly state: 'active' | 'ended';
  readonly outcome: EpisodeOutcome | '';
  readonly comment: string;
  /** RFC 3339, UTC. */
  readonly create_time: string;
  readonly update_time: string;
  /** Oldest first. */
  readonly steps: readonly EpisodeStep[];
};

export type EpisodeStep = {
  /** From 1. */
  readonly step: number;
  readonly request_id: string;
  readonly action: Action;
  /** `none`: nothing was reported. */
  readonly result_status: ResultStatus | 'none';
  readonly error: string;
  readonly result: string;
  readonly observed_change: string;
  readonly reversible?: boolean;
  readonly undo?: Action;
  readonly create_time: string;
};

export type RollbackEpisodeRequest = {
  readonly request_id?: string;
  readonly session_id: string;
  /** How many of the last executed steps to take back; 0 or absent: one. */
  readonly steps?: number;
};

export type RollbackEpisodeResponse = {
  readonly request_id: string;
  /** In the order to execute them in. */
  readonly undo: readonly { readonly step: number; readonly action: Action }[];
  /** Why no more of the wanted steps can be taken back; absent if all can. */
  readonly stopped_at?: { readonly step: number; readonly reason: string };
  /** Every one of the wanted steps that cannot be taken back; `stopped_at` is the first. */
  readonly irreversible: readonly { readonly step: number; readonly reason: string }[];
};
