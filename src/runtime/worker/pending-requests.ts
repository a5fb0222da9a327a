/** Owns the promises of requests under way: each is settled exactly once, by whatever comes first. */
import type { GenerateResult } from '../engine/generate.ts';
import type { GatewayError } from '../errors.ts';
import { abortError } from './abort-error.ts';

type Pending = {
  readonly resolve: (result: GenerateResult) => void;
  readonly reject: (error: GatewayError) => void;
  /** Undoes the subscription to the client's signal. */
  readonly release: () => void;
};

export class PendingRequests {
  readonly #pending = new Map<number, Pending>();

  get size(): number {
    return this.#pending.size;
  }

  /** A promise for request `id`. An abort of `signal` rejects it at once, and then calls `onAbort`. */
  add(id: number, signal: AbortSignal, onAbort: () => void): Promise<GenerateResult> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.fail(id, abortError(signal));
        onAbort();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#pending.set(id, { resolve, reject, release: () => signal.removeEventListener('abort', abort) });
    });
  }

  /** No effect on a request that has ended: the engine may answer while a cancel is on its way to it. */
  finish(id: number, result: GenerateResult): void {
    this.#take(id)?.resolve(result);
  }

  /** As {@link finish}. */
  fail(id: number, error: GatewayError): void {
    this.#take(id)?.reject(error);
  }

  failAll(error: GatewayError): void {
    for (const id of [...this.#pending.keys()]) this.fail(id, error);
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.release();
    return pending;
  }
}
