/**
 * Owns the engine thread's loop: messages in, steps, messages out. While there is work it never returns to the event
 * loop; it empties its port by hand between steps, so a cancel takes effect by the next one. Without work it gets
 * ready what later steps will want, a little at a time, and sleeps, but for a moment in which it has been told to expect some: to
 * wake a thread takes longer than much of what is done for a request.
 */
import { availableParallelism } from 'node:os';
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import type { Engine, EngineEvent } from '../engine/engine.ts';
import type { EngineReport } from '../engine/engine-report.ts';
import type { GenerateResult } from '../engine/generate.ts';
import { KnownNodes } from './known-nodes.ts';
import type { MessageToEngine, WireEvent } from './messages.ts';
import { unpackGrammar, unpackRequest } from './packed-request.ts';
import { type HostOptions, ThreadHost } from './thread-host.ts';
import { toWireError } from './wire-error.ts';

export type EngineHostOptions = HostOptions & {
  readonly engine: Engine;
  /** How long it stays awake for a request that is expected, in milliseconds. Default {@link EXPECT_MS}. */
  readonly expectMs?: number;
};

/** One takes about half of it to arrive and be prepared. Not on a single core, where who waits awake keeps who prepares from it. */
const EXPECT_MS = availableParallelism() > 1 ? 2 : 0;

export class EngineHost {
  readonly #port: MessagePort;
  readonly #engine: Engine;
  readonly #host: ThreadHost<GenerateResult, EngineReport, Int32Array>;
  readonly #known = new KnownNodes();
  readonly #clock: () => number;
  readonly #expectMs: number;
  /** Until then it stays awake; 0: nothing is expected. */
  #expectsUntilMs = 0;
  /** Requests refused since the last message out. */
  #refused: WireEvent[] = [];

  constructor({ engine, expectMs = EXPECT_MS, ...options }: EngineHostOptions) {
    this.#port = options.port;
    this.#engine = engine;
    this.#clock = options.clock ?? monotonicMs;
    this.#expectMs = expectMs;
    this.#host = new ThreadHost(options, engine);
  }

  /** Says that the engine is ready, and serves the port until it is told to close. */
  start(): void {
    this.#host.start((message: MessageToEngine) => {
      this.#take(message);
      this.#work();
    });
    // Later: whoever starts it would take what a step throws for a failing start.
    setImmediate(() => {
      if (!this.#host.isClosed) this.#work();
    });
  }

  #work(): void {
    this.#host.wake();
    this.#takeAll();
    while (this.#engine.hasWork || this.#isExpecting() || this.#engine.prepare()) {
      if (this.#engine.hasWork) {
        const { events, report } = this.#engine.step();
        this.#host.tell(events.map(toWireEvent), report);
      }
      this.#takeAll();
    }
    this.#host.rest(() => this.#work());
  }

  #isExpecting(): boolean {
    return this.#expectsUntilMs > 0 && this.#clock() < this.#expectsUntilMs;
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
    if (message.type === 'submit') this.#submit(message);
    else if (message.type === 'follow') this.#engine.supply(message.id, unpackGrammar(message.rest, this.#known));
    else {
      if (message.type === 'expect') this.#expectsUntilMs = this.#clock() + this.#expectMs;
      this.#host.obey(message);
    }
  }

  #submit({ id, request, submittedMs }: MessageToEngine & { readonly type: 'submit' }): void {
    this.#expectsUntilMs = 0;
    try {
      this.#engine.submit(id, unpackRequest(request, this.#known), submittedMs);
    } catch (thrown) {
      this.#refused.push({ type: 'failed', id, error: toWireError(thrown) });
    }
  }
}

function toWireEvent(event: EngineEvent): WireEvent {
  return event.type === 'failed' ? { type: 'failed', id: event.id, error: toWireError(event.error) } : event;
}
