/** Messages as server-sent events: one JSON document per event, no faster than the client reads. */
import { GatewayError } from '../../runtime/index.ts';
import { untilAborted } from '../request-scope.ts';
import { errorBody } from './errors.ts';

export type EventSource = {
  readonly messages: AsyncIterable<object>;
  /** Ends the stream early. */
  readonly signal: AbortSignal;
  /** The client has gone. */
  readonly onCancel: () => void;
  readonly requestId: () => string;
};

/**
 * An error after the first event is an event named `error`, because the status is spent by then. The end of the body
 * without one means that all messages were sent.
 */
export function eventStream({ messages, signal, onCancel, requestId }: EventSource): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let onPull = (): void => {};
  let cancelled = false;
  const send = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    try {
      for await (const message of messages) {
        controller.enqueue(encoder.encode(`data: ${JSON.stringify(message)}\n\n`));
        if ((controller.desiredSize ?? 0) > 0) continue;
        await untilAborted(new Promise<void>((resolve) => (onPull = resolve)), signal);
      }
    } catch (thrown) {
      // Nobody is left to hear of an error.
      if (cancelled) return;
      const body = errorBody(GatewayError.from(thrown), requestId());
      controller.enqueue(encoder.encode(`event: error\ndata: ${JSON.stringify(body)}\n\n`));
    }
    if (!cancelled) controller.close();
  };
  return new ReadableStream({
    start(controller) {
      // Not returned: `pull` is called only once `start` has ended.
      void send(controller);
    },
    pull() {
      onPull();
    },
    cancel() {
      cancelled = true;
      onCancel();
      onPull();
    },
  });
}
