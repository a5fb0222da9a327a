/**
 * Owns the engine thread's loop: messages in, steps, messages out. While there is work it never returns to the event
 * loop; it empties its port by hand between steps, so a cancel takes effect by the next one. Without work it sleeps.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Engine, EngineEvent } from '../engine/engine.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { CloseMode, MessageFromEngine, MessageToEngine, StartMessage, WireEvent } from './messages.ts';
import { unpackRequest } from './packed-request.ts';
import { toWireError } from './wire-error.ts';

/** How often an unhealthy engine without work tries whether its backend is back. */
const PROBE_INTERVAL_MS = 1_000;

export type EngineHostOptions = {
  readonly port: MessagePort;
  readonly engine: Engine;
  readonly liveHandles: () => number;
  /** Releases what the engine runs on; called once, when nothing is under way any more. */
  readonly dispose: () => void;
};

export class EngineHost {
  readonly #options: EngineHostOptions;
  /** Requests refused since the last message out. */
  #refused: WireEvent[] = [];
  #closing = false;
  #closed = false;
  #probeTimer: NodeJS.Timeout | undefined;

  constructor(options: EngineHostOptions) {
    this.#options = options;
  }

  /** Says that the engine is ready, and serves the port until it is told to close. */
  start(): void {
    const { port } = this.#options;
    port.on('message', (message: MessageToEngine) => {
      // A message that was on its way when the port was closed may still come.
      if (this.#closed) return;
      this.#take(message);
      this.#work();
    });
    this.#post({ type: 'ready' });
  }

  #work(): void {
    const { engine } = this.#options;
    clearTimeout(this.#probeTimer);
    this.#takeAll();
    while (engine.hasWork) {
      const { events, report } = engine.step();
      this.#tell(events.map(toWireEvent), report);
      this.#takeAll();
    }
    engine.checkIntegrity();
    if (this.#closing) this.#close();
    else if (engine.unhealthyReason !== undefined) this.#probeLater();
  }

  #takeAll(): void {
    const { port } = this.#options;
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      this.#take(next.message);
    }
    // Told before the next step begins: a refused client shall go elsewhere at once.
    if (this.#refused.length > 0) this.#tell(this.#refused, undefined);
    this.#refused = [];
  }

  #take(message: MessageToEngine): void {
    const { engine, liveHandles } = this.#options;
    switch (message.type) {
      case 'submit':
        try {
          engine.submit(message.id, unpackRequest(message.request), message.submittedMs);
        } catch (thrown) {
          this.#refused.push({ type: 'failed', id: message.id, error: toWireError(thrown) });
        }
        return;
      case 'cancel':
        engine.cancel(message.id);
        return;
      case 'stats': {
        const { activeRequests, slotsInUse } = engine;
        const stats = { activeRequests, slotsInUse, nativeHandles: liveHandles() };
        this.#post({ type: 'stats', id: message.id, stats });
        return;
      }
      case 'close':
        this.#beginClose(message.mode);
        return;
    }
  }

  #beginClose(mode: CloseMode): void {
    const { engine } = this.#options;
    this.#closing = true;
    engine.setMode('drain');
    if (mode === 'abort') engine.cancelAll();
  }

  #close(): void {
    const { port, dispose, liveHandles } = this.#options;
    this.#closed = true;
    dispose();
    this.#post({ type: 'closed', nativeHandles: liveHandles() });
    // From here on this thread has nothing to do with the model.
    port.close();
  }

  #probeLater(): void {
    this.#probeTimer = setTimeout(() => {
      try {
        this.#options.engine.probe();
      } catch {
        // The engine's health holds the reason, which is told with the next message.
      }
      this.#tell([], undefined);
      this.#work();
    }, PROBE_INTERVAL_MS);
  }

  #tell(events: readonly WireEvent[], report: EngineReport | undefined): void {
    const { unhealthyReason } = this.#options.engine;
    this.#post({
      type: 'step',
      events,
      ...(report !== undefined && { report }),
      ...(unhealthyReason !== undefined && { unhealthyReason }),
    });
  }

  #post(message: StartMessage | MessageFromEngine): void {
    this.#options.port.postMessage(message);
  }
}

function toWireEvent(event: EngineEvent): WireEvent {
  return event.type === 'failed' ? { type: 'failed', id: event.id, error: toWireError(event.error) } : event;
}
