/** Reads a PredictActionRequest: the one semantic validation, after either protocol decoded it. */
import { GatewayError, invalid, type PredictOptions, type State } from '../../runtime/index.ts';
import type { OptionsMessage, PredictActionRequest } from '../wire/messages.ts';
import { readAddress, readNumber, readPriority } from './fields.ts';
import { DEFAULT_TEXT_BYTES, MAX_CANDIDATES, MAX_TEMPERATURE, MAX_TEXT_BYTES, type RequestLimits } from './limits.ts';
import { readState } from './state.ts';

/** Everything the runtime needs but the deadline and the signal. */
export type PredictActionInput = {
  /** Names the episode; empty: none. */
  readonly sessionId: string;
  readonly state: State;
  readonly options: Required<Omit<PredictOptions, 'deadlineMs' | 'signal' | 'onChoice' | 'onRoute'>>;
  readonly controlsTruncated: boolean;
};

/** Throws `invalid_request` that names the first field that is not acceptable. */
export function readPredictAction(message: PredictActionRequest, limits: RequestLimits): PredictActionInput {
  const { model, sessionId } = readAddress(message);
  refuseChanges(message);
  return {
    sessionId,
    state: readState(message, limits),
    options: { model, stickyKey: sessionId, ...readOptions(message.options ?? {}) },
    controlsTruncated: message.controls_truncated ?? false,
  };
}

/** A difference that nobody has applied to its base by now has none. */
function refuseChanges({ control_changes: changes, controls, session_id: sessionId }: PredictActionRequest): void {
  if (changes === null || changes === undefined) return;
  if (controls?.length) throw invalid('control_changes', 'give either the changes or the whole list in controls');
  if (!sessionId) throw invalid('session_id', 'required with control_changes');
  const field = 'control_changes.base_hash';
  if (!changes.base_hash) throw invalid(field, 'required');
  const message = `${field}: no such observation is kept here; send the whole list in controls`;
  throw new GatewayError('failed_precondition', message, { field });
}

function readOptions(message: OptionsMessage): Omit<PredictActionInput['options'], 'model' | 'stickyKey'> {
  const maxTextBytes = message.max_text_bytes || DEFAULT_TEXT_BYTES;
  if (maxTextBytes > MAX_TEXT_BYTES) {
    throw invalid('options.max_text_bytes', `expected at most ${MAX_TEXT_BYTES}, got ${maxTextBytes}`);
  }
  return {
    temperature: readNumber('options.temperature', message.temperature, MAX_TEMPERATURE),
    seed: message.seed ?? 0,
    maxTextBytes,
    candidates: Math.max(1, readNumber('options.candidates', message.candidates, MAX_CANDIDATES)),
    rerank: message.rerank ?? false,
    priority: readPriority('options.priority', message.priority),
    wantThought: message.want_thought ?? false,
    wantPlan: message.want_plan ?? false,
  };
}
