/** Reads what is asked and told about episodes. */
import { invalid } from '../../runtime/index.ts';
import type { Outcome, StepResult } from '../episodes/episode.ts';
import type { EndEpisodeRequest, ReportOutcomeRequest, RollbackEpisodeRequest } from '../wire/episode-messages.ts';
import { readName, readRequiredName, readText } from './fields.ts';
import { MAX_ID, MAX_RESULT } from './limits.ts';

const RESULTS: readonly string[] = ['success', 'failure', 'skipped', 'undone'] satisfies readonly StepResult[];
const OUTCOMES: readonly string[] = ['', 'success', 'failure', 'abandoned'];

export function readSessionId({ session_id }: { readonly session_id?: string | null }): string {
  return readRequiredName('session_id', session_id, MAX_ID);
}

export type ReportedOutcome = {
  readonly sessionId: string;
  /** 0: the latest. */
  readonly step: number;
  readonly outcome: Outcome;
};

export function readOutcome(message: ReportOutcomeRequest): ReportedOutcome {
  const sessionId = readSessionId(message);
  const status = readRequiredName('result_status', message.result_status, MAX_ID);
  if (!RESULTS.includes(status)) throw invalid('result_status', `expected one of ${RESULTS.join(', ')}`);
  return {
    sessionId,
    step: message.step ?? 0,
    outcome: {
      resultStatus: status as StepResult,
      error: readText('error', message.error, MAX_RESULT),
      result: readText('result', message.result, MAX_RESULT),
      observedChange: readText('observed_change', message.observed_change, MAX_RESULT),
    },
  };
}

export type EpisodeEnd = { readonly sessionId: string; readonly outcome: string; readonly comment: string };

export function readEnd(message: EndEpisodeRequest): EpisodeEnd {
  const sessionId = readSessionId(message);
  const outcome = readName('outcome', message.outcome, MAX_ID);
  if (!OUTCOMES.includes(outcome)) throw invalid('outcome', 'expected success, failure or abandoned');
  return { sessionId, outcome, comment: readText('comment', message.comment, MAX_RESULT) };
}

export type Rollback = {
  readonly sessionId: string;
  /** At least one. */
  readonly steps: number;
};

export function readRollback(message: RollbackEpisodeRequest): Rollback {
  return { sessionId: readSessionId(message), steps: Math.max(1, message.steps ?? 0) };
}
