/** Owns the reward thread's loop: messages in, batches, messages out. Between batches it returns to the event loop. */
import type { MessagePort } from 'node:worker_threads';
import type { RewardScorer, ScoreEvent } from '../reward/reward-scorer.ts';
import type { CloseMode, MessageFromReward, MessageToReward, StartMessage } from './messages.ts';
import { toWireError } from './wire-error.ts';

/** How often an unhealthy scorer without work tries whether its backend is back. */
const PROBE_INTERVAL_MS = 1_000;

export type RewardHostOptions = {
  readonly port: MessagePort;
  readonly scorer: RewardScorer;
  readonly liveHandles: () => number;
  /** Releases what the scorer runs on; called once, when nothing is under way any more. */
  readonly dispose: () => void;
};

export class RewardHost {
  readonly #options: RewardHostOptions;
  #closing = false;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RewardHostOptions) {
    this.#options = options;
  }

  /** Says that the model is ready, and serves the port until it is told to close. */
  start(): void {
    const { port } = this.#options;
    port.on('message', (message: MessageToReward) => {
      // A message that was on its way when the port was closed may still come.
      if (this.#closed) return;
      this.#take(message);
      // After what else has arrived, so that it shares the batch.
      this.#wakeUp(0);
    });
    this.#post({ type: 'ready' });
  }

  #wakeUp(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#work(), delayMs);
  }

  #work(): void {
    const { scorer } = this.#options;
    if (scorer.hasWork) {
      const { events, report } = scorer.step();
      this.#post({
        type: 'step',
        events: events.map(toThreadEvent),
        ...(report !== undefined && { report }),
        ...this.#health(),
      });
    }
    const { waitMs } = scorer;
    if (waitMs !== undefined) {
      this.#wakeUp(waitMs);
      return;
    }
    scorer.checkIntegrity();
    if (this.#closing) this.#close();
    else if (scorer.unhealthyReason !== undefined) this.#probeLater();
  }

  #take(message: MessageToReward): void {
    const { scorer, liveHandles } = this.#options;
    switch (message.type) {
      case 'submit':
        try {
          scorer.submit(message.id, message.request, message.submittedMs);
        } catch (thrown) {
          const events = [{ type: 'failed', id: message.id, error: toWireError(thrown) }] as const;
          this.#post({ type: 'step', events, ...this.#health() });
        }
        return;
      case 'cancel':
        scorer.cancel(message.id);
        return;
      case 'stats': {
        const stats = { activeRequests: scorer.activeRequests, slotsInUse: 0, nativeHandles: liveHandles() };
        this.#post({ type: 'stats', id: message.id, stats });
        return;
      }
      case 'close':
        this.#beginClose(message.mode);
        return;
    }
  }

  #beginClose(mode: CloseMode): void {
    this.#closing = true;
    this.#options.scorer.setMode('drain');
    if (mode === 'abort') this.#options.scorer.cancelAll();
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
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        this.#options.scorer.probe();
      } catch {
        // The scorer's health holds the reason, which is told with the message.
      }
      this.#post({ type: 'step', events: [], ...this.#health() });
      this.#work();
    }, PROBE_INTERVAL_MS);
  }

  #health(): { readonly unhealthyReason?: string } {
    const { unhealthyReason } = this.#options.scorer;
    return unhealthyReason === undefined ? {} : { unhealthyReason };
  }

  #post(message: StartMessage | MessageFromReward): void {
    this.#options.port.postMessage(message);
  }
}

function toThreadEvent(event: ScoreEvent) {
  return event.type === 'failed' ? { ...event, error: toWireError(event.error) } : event;
}
