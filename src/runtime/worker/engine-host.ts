/**
 * Owns the engine thread's loop: messages in, steps, messages out. While there is work it never returns to the event
 * loop; it empties its port by hand between steps, so a cancel takes effect by the next one. Without work it sleeps.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Engine, EngineEvent } from '../engine/engine.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { GenerateResult } from '../engine/generate.ts';
import { KnownNodes } from './known-nodes.ts';
import type { MessageToEngine, WireEvent } from './messages.ts';
import { unpackRequest } from './packed-request.ts';
import { type HostOptions, ThreadHost } from './thread-host.ts';
import { toWireError } from './wire-error.ts';

export type EngineHostOptions = HostOptions & { readonly engine: Engine };

export class EngineHost {
  readonly #port: MessagePort;
  readonly #engine: Engine;
  readonly #host: ThreadHost<GenerateResult, EngineReport, Int32Array>;
  readonly #known = new KnownNodes();
  /** Requests refused since the last message out. */
  #refused: WireEvent[] = [];

  constructor({ engine, ...options }: EngineHostOptions) {
    this.#port = options.port;
    this.#engine = engine;
    this.#host = new ThreadHost(options, engine);
  }

  /** Says that the engine is ready, and serves the port until it is told to close. */
  start(): void {
    this.#host.start((message: MessageToEngine) => {
      this.#take(message);
      this.#work();
    });
  }

  #work(): void {
    this.#host.wake();
    this.#takeAll();
    while (this.#engine.hasWork) {
      const { events, report } = this.#engine.step();
      this.#host.tell(events.map(toWireEvent), report);
      this.#takeAll();
    }
    this.#host.rest(() => this.#work());
  }

  #takeAll(): void {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      this.#take(next.message);
    }
    // Told before the next step begins: a refused client shall go elsewhere at once.
    if (this.#refused.length > 0) this.#host.tell(this.#refused, undefined);
    this.#refused = [];
  }

  #take(message: MessageToEngine): void {
    if (message.type !== 'submit') {
      this.#host.obey(message);
      return;
    }
    try {
      this.#engine.submit(message.id, unpackRequest(message.request, this.#known), message.submittedMs);
    } catch (thrown) {
      this.#refused.push({ type: 'failed', id: message.id, error: toWireError(thrown) });
    }
  }
}

function toWireEvent(event: EngineEvent): WireEvent {
  return event.type === 'failed' ? { type: 'failed', id: event.id, error: toWireError(event.error) } : event;
}
