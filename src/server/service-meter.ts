/**
 * How fast models answer, measured at the ends of requests: what admission reckons with. Knows no limit and refuses nobody.
 *
 * While requests are under way, the time between two answers is what a request costs the gateway, however many run side by
 * side; over the time that a request spends in a slot, it tells how many that are (Little's law). Neither has to be
 * configured, and both follow the machine, the model and its load within a second or so.
 */
import { ThroughputMeter } from '../runtime/index.ts';

/** Weight of the latest request in the average of times in a slot. */
const NEWEST_SHARE = 1 / 16;

export class ServiceMeter {
  readonly #answers = new ThroughputMeter();
  #inSlotMs: number | undefined;
  #underWay = 0;
  #busySinceMs = 0;
  /** Time with requests under way since the last answer, up to `#busySinceMs`. */
  #busyMs = 0;

  begin(nowMs: number): void {
    if (this.#underWay++ === 0) this.#busySinceMs = nowMs;
  }

  /** To be called once for each `begin`. */
  end(nowMs: number): void {
    if (--this.#underWay === 0) this.#busyMs += nowMs - this.#busySinceMs;
  }

  /** A model has answered a request, at whose end this is called. `inSlotMs`: how long it was computed, without waiting. */
  answered(inSlotMs: number, nowMs: number): void {
    if (this.#underWay > 0) {
      this.#busyMs += nowMs - this.#busySinceMs;
      this.#busySinceMs = nowMs;
    }
    this.#answers.record(1, this.#busyMs);
    this.#busyMs = 0;
    this.#inSlotMs ??= inSlotMs;
    this.#inSlotMs += (inSlotMs - this.#inSlotMs) * NEWEST_SHARE;
  }

  /** Milliseconds from one answer to the next while there is work; undefined before the first one. */
  get msPerRequest(): number | undefined {
    const { perMs } = this.#answers;
    return perMs === undefined ? undefined : 1 / perMs;
  }

  /** Requests that were computed side by side; 0 before the first answer. */
  get sideBySide(): number {
    return (this.#inSlotMs ?? 0) * (this.#answers.perMs ?? 0);
  }
}
