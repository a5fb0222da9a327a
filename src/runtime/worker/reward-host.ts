/** Owns the reward thread's loop: messages in, batches, messages out. Between batches it returns to the event loop. */
import type { RewardScorer, ScoreEvent, ScoreReport } from '../reward/reward-scorer.ts';
import type { ScoreResult } from '../reward/score.ts';
import type { MessageToReward } from './messages.ts';
import { type HostOptions, ThreadHost } from './thread-host.ts';
import { toWireError } from './wire-error.ts';

export type RewardHostOptions = HostOptions & { readonly scorer: RewardScorer };

export class RewardHost {
  readonly #scorer: RewardScorer;
  readonly #host: ThreadHost<ScoreResult, ScoreReport>;
  #timer: NodeJS.Timeout | undefined;

  constructor({ scorer, ...options }: RewardHostOptions) {
    this.#scorer = scorer;
    this.#host = new ThreadHost(options, scorer);
  }

  /** Says that the model is ready, and serves the port until it is told to close. */
  start(): void {
    this.#host.start((message: MessageToReward) => {
      this.#take(message);
      // After what else has arrived, so that it shares the batch.
      this.#wakeUp(0);
    });
  }

  #wakeUp(delayMs: number): void {
    this.#host.wake();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#work(), delayMs);
  }

  #work(): void {
    if (this.#scorer.hasWork) {
      const { events, report } = this.#scorer.step();
      this.#host.tell(events.map(toThreadEvent), report);
    }
    const { waitMs } = this.#scorer;
    if (waitMs !== undefined) this.#wakeUp(waitMs);
    else this.#host.rest(() => this.#work());
  }

  #take(message: MessageToReward): void {
    if (message.type !== 'submit') {
      this.#host.obey(message);
      return;
    }
    try {
      this.#scorer.submit(message.id, message.request, message.submittedMs);
    } catch (thrown) {
      this.#host.tell([{ type: 'failed', id: message.id, error: toWireError(thrown) }], undefined);
    }
  }
}

function toThreadEvent(event: ScoreEvent) {
  return event.type === 'failed' ? { ...event, error: toWireError(event.error) } : event;
}
