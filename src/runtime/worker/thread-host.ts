/**
 * What the hosts of an engine and of a reward scorer do alike: cancel, count and close on request, say how the work is, and
 * try an unhealthy backend again.
 */
import type { MessagePort } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import type { ControlMessage, MessageFromThread, StartMessage, ThreadEvent } from './messages.ts';

/**
 * Reports of steps wait about this long, in milliseconds, and are told together: a message per step wakes the main thread, which takes
 * a core from the next step.
 */
const MAX_SILENCE_MS = 100;
/** As soon as the thread has been without work for this long, in milliseconds: by then the last answer is on its way. */
const REST_MS = 10;

/** How often unhealthy work that has nothing to do tries whether its backend is back. */
const PROBE_INTERVAL_MS = 1_000;

/** An engine or a scorer. */
export type HostedWork = {
  /** Undefined while the backend works. */
  readonly unhealthyReason: string | undefined;
  readonly activeRequests: number;
  /** Absent for work without slots. */
  readonly slotsInUse?: number;
  cancel(id: number): void;
  cancelAll(): void;
  setMode(mode: 'drain'): void;
  /** Throws while the backend does not work; the reason is then in {@link unhealthyReason}. */
  probe(): void;
  checkIntegrity(): void;
};

export type HostOptions = {
  readonly port: MessagePort;
  readonly liveHandles: () => number;
  /** Releases what the work runs on; called once, when nothing is under way any more. */
  readonly dispose: () => void;
  /** Milliseconds. Default: the process's monotonic clock. */
  readonly clock?: () => number;
};

/** `A`: what is answered; `R`: what a step reports; `P`: what is told of an answer before it is whole. */
export class ThreadHost<A, R, P = never> {
  readonly #options: HostOptions;
  readonly #clock: () => number;
  readonly #work: HostedWork;
  #closing = false;
  #closed = false;
  #probeTimer: NodeJS.Timeout | undefined;
  /** Not told yet. */
  #reports: R[] = [];
  #untoldSinceMs = 0;
  #reportTimer: NodeJS.Timeout | undefined;
  /** As it was told last. */
  #toldUnhealthyReason: string | undefined;

  constructor(options: HostOptions, work: HostedWork) {
    this.#options = options;
    this.#clock = options.clock ?? monotonicMs;
    this.#work = work;
  }

  /** Nothing is taken any more. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Says that the model is ready, and gives `take` each message until the port is closed. `M`: what it is sent. */
  start<M>(take: (message: M) => void): void {
    this.#options.port.on('message', (message: M) => {
      // A message that was on its way when the port was closed may still come.
      if (!this.#closed) take(message);
    });
    this.#post({ type: 'ready' });
  }

  /** Does what a message asks for that is about no request's content. */
  obey(message: ControlMessage): void {
    switch (message.type) {
      case 'cancel':
        this.#work.cancel(message.id);
        return;
      case 'expect':
        // The message has woken the thread; how long it stays awake is for the host of the work to decide.
        return;
      case 'stats': {
        this.#tellReports();
        const { activeRequests, slotsInUse = 0 } = this.#work;
        const stats = { activeRequests, slotsInUse, nativeHandles: this.#options.liveHandles() };
        this.#post({ type: 'stats', id: message.id, stats });
        return;
      }
      case 'close':
        this.#closing = true;
        this.#work.setMode('drain');
        if (message.mode === 'abort') this.#work.cancelAll();
        return;
    }
  }

  /** All events of a step in one message, and how the work is; what it reports, soon. */
  tell(events: readonly ThreadEvent<A, P>[], report: R | undefined): void {
    const { unhealthyReason } = this.#work;
    if (events.length > 0 || unhealthyReason !== this.#toldUnhealthyReason) {
      this.#post({ type: 'step', events, ...(unhealthyReason !== undefined && { unhealthyReason }) });
      this.#toldUnhealthyReason = unhealthyReason;
    }
    if (report === undefined) return;
    if (this.#reports.length === 0) this.#untoldSinceMs = this.#clock();
    this.#reports.push(report);
    // Rather not together with events, on whose answers the main thread is at work then.
    this.#tellReportsOfLast((events.length === 0 ? 1 : 2) * MAX_SILENCE_MS);
  }

  #tellReportsOfLast(ms: number): void {
    if (this.#reports.length > 0 && this.#clock() - this.#untoldSinceMs >= ms) this.#tellReports();
  }

  #tellReports(): void {
    if (this.#reports.length > 0) this.#post({ type: 'reports', reports: this.#reports });
    this.#reports = [];
  }

  /** To be called when nothing is left to do: closes if that was asked for, else sees to it that bad health passes. */
  rest(work: () => void): void {
    this.#work.checkIntegrity();
    if (this.#closing) {
      this.#close();
      return;
    }
    this.#reportTimer = setTimeout(() => this.#tellReports(), REST_MS);
    if (this.#work.unhealthyReason !== undefined) this.#probeLater(work);
  }

  /** To be called when there is something to do again. */
  wake(): void {
    clearTimeout(this.#probeTimer);
    clearTimeout(this.#reportTimer);
    // Who has asked for something waits now.
    this.#tellReportsOfLast(MAX_SILENCE_MS);
  }

  #probeLater(work: () => void): void {
    this.#probeTimer = setTimeout(() => {
      try {
        this.#work.probe();
      } catch {
        // The work's health holds the reason, which is told with the message.
      }
      this.tell([], undefined);
      work();
    }, PROBE_INTERVAL_MS);
  }

  #close(): void {
    const { port, dispose, liveHandles } = this.#options;
    this.#closed = true;
    this.#tellReports();
    dispose();
    this.#post({ type: 'closed', nativeHandles: liveHandles() });
    // From here on this thread has nothing to do with the model.
    port.close();
  }

  #post(message: StartMessage | MessageFromThread<A, R, P>): void {
    this.#options.port.postMessage(message);
  }
}
