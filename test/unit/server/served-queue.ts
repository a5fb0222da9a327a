/** A simulated gateway in front of one engine: random arrivals, admission, slots that share the engine's time. */
import { Admission, type AdmissionLimits, type Permit } from '../../../src/server/admission.ts';

export type ServedQueueOptions = {
  readonly limits: AdmissionLimits;
  /** Time of the engine that a request takes. */
  readonly serviceMs: number;
};

export type Offered = {
  /** Milliseconds from arrival to answer, in order of the answers. */
  readonly accepted: readonly number[];
  readonly refused: number;
};

type Request = { readonly arrivedMs: number; readonly permit: Permit; startedMs: number };

export class ServedQueue {
  serviceMs: number;
  readonly #admission: Admission;
  readonly #slots: number;
  /** Those in slots come first. */
  readonly #requests: Request[] = [];
  #nowMs = 0;
  /** When the engine will have answered the first of them. */
  #answerMs = 0;
  #state = 1;

  constructor({ limits, serviceMs }: ServedQueueOptions) {
    this.serviceMs = serviceMs;
    this.#slots = limits.slots;
    this.#admission = new Admission(
      () => limits,
      () => this.#nowMs,
    );
  }

  /** Random arrivals at this rate on average; returns when all are answered or refused. */
  offer({ everyMs, forMs }: { readonly everyMs: number; readonly forMs: number }): Offered {
    const accepted: number[] = [];
    const endMs = this.#nowMs + forMs;
    let refused = 0;
    for (let arrivalMs = this.#nowMs; arrivalMs < endMs; arrivalMs += this.#gap(everyMs)) {
      this.#runUntil(arrivalMs, accepted);
      this.#nowMs = arrivalMs;
      if (!this.#arrive()) refused++;
    }
    this.#runUntil(Number.POSITIVE_INFINITY, accepted);
    return { accepted, refused };
  }

  #arrive(): boolean {
    try {
      const permit = this.#admission.acquire();
      this.#requests.push({ arrivedMs: this.#nowMs, permit, startedMs: this.#nowMs });
    } catch {
      return false;
    }
    if (this.#requests.length === 1) this.#answerMs = this.#nowMs + this.serviceMs;
    return true;
  }

  #runUntil(untilMs: number, accepted: number[]): void {
    while (this.#requests.length > 0 && this.#answerMs <= untilMs) {
      this.#nowMs = this.#answerMs;
      const answered = this.#requests.shift() as Request;
      const next = this.#requests[this.#slots - 1];
      if (next !== undefined) next.startedMs = this.#nowMs;
      answered.permit[Symbol.dispose]();
      this.#admission.observe(this.#nowMs - answered.startedMs);
      accepted.push(this.#nowMs - answered.arrivedMs);
      this.#answerMs = this.#nowMs + this.serviceMs;
    }
  }

  /** Exponentially distributed, but the same in every run. */
  #gap(meanMs: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return -Math.log(this.#state / 2_147_483_647) * meanMs;
  }
}
