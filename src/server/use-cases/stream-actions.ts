/** StreamActions: one stream per episode; each observation is answered with an action, what is wrong with an error. */
import { randomUUID } from 'node:crypto';
import { GatewayError, invalid } from '../../runtime/index.ts';
import type { Call } from '../call.ts';
import { readName } from '../requests/fields.ts';
import { MAX_ID } from '../requests/limits.ts';
import type { StreamActionsRequest, StreamActionsResponse } from '../wire/episode-messages.ts';
import type { PredictActionResponse } from '../wire/messages.ts';

type Content = { readonly rpc: 'PredictAction' | 'ReportOutcome'; readonly message: AddressedMessage };
type AddressedMessage = { readonly request_id?: string | null; readonly session_id?: string | null };

/** Messages are answered one after the other; those that wait are held back by the protocol's flow control. */
export async function* streamActions(
  messages: AsyncIterable<StreamActionsRequest>,
  call: Call,
): AsyncGenerator<StreamActionsResponse> {
  let sessionId = '';
  let count = 0;
  for await (const received of messages) {
    // Throws, and so ends the stream, once the gateway drains: what it still sends belongs to another gateway.
    call.services.lifecycle.requireRuntime();
    const { observation, outcome } = received;
    const requestId = (observation ?? outcome)?.request_id || randomUUID();
    count++;
    try {
      const { rpc, message } = contentOf(received);
      const named = readName('session_id', message.session_id, MAX_ID);
      if (sessionId !== '' && named !== '' && named !== sessionId) {
        throw invalid('session_id', 'one stream is one episode, and this is not its session_id');
      }
      sessionId ||= named || `stream-${randomUUID()}`;
      const answer = await call.invoke(rpc, { ...message, session_id: sessionId }, requestId);
      if (rpc === 'PredictAction') yield { action: answer as PredictActionResponse, session_id: sessionId };
    } catch (thrown) {
      // The stream itself has ended: nobody reads an answer to this message.
      call.scope.signal.throwIfAborted();
      yield { error: streamError(GatewayError.from(thrown), requestId, count), session_id: sessionId };
    }
  }
}

function contentOf({ observation, outcome }: StreamActionsRequest): Content {
  if (observation) return { rpc: 'PredictAction', message: observation };
  if (outcome) return { rpc: 'ReportOutcome', message: outcome };
  throw new GatewayError('invalid_request', 'expected an observation or an outcome');
}

function streamError({ code, message, details }: GatewayError, requestId: string, messageNumber: number) {
  const { field = '', retryAfterMs = 0 } = details;
  const hint = { retry_after_ms: retryAfterMs, message_number: messageNumber };
  return { request_id: requestId, code, message, field, ...hint };
}
