/** Owns the promises of requests under way: each is settled exactly once, by whatever comes first. */
import { GatewayError } from '../errors.ts';
import { abortError } from './abort-error.ts';

export type PendingOptions<P> = {
  readonly signal: AbortSignal;
  /** Called after `signal` has ended the request, or a failing `onPart` has. */
  readonly onAbort: () => void;
  readonly onPart?: ((part: P) => void) | undefined;
};

type Pending<A, P> = Pick<PendingOptions<P>, 'onPart'> & {
  readonly resolve: (result: A) => void;
  readonly reject: (error: GatewayError) => void;
  /** Ends it from this side. */
  readonly abort: (reason: GatewayError) => void;
  /** Undoes the subscription to the client's signal. */
  readonly release: () => void;
};

/** `A`: what a request is answered with, `P`: what it is told before. */
export class PendingRequests<A, P = never> {
  readonly #pending = new Map<number, Pending<A, P>>();

  get size(): number {
    return this.#pending.size;
  }

  /** A promise for request `id`. An abort of `signal` rejects it at once, and then calls `onAbort`. */
  add(id: number, { signal, onAbort, onPart }: PendingOptions<P>): Promise<A> {
    return new Promise((resolve, reject) => {
      const abort = (reason: GatewayError) => {
        this.fail(id, reason);
        onAbort();
      };
      const onSignal = () => abort(abortError(signal));
      signal.addEventListener('abort', onSignal, { once: true });
      const release = () => signal.removeEventListener('abort', onSignal);
      this.#pending.set(id, { resolve, reject, onPart, abort, release });
    });
  }

  /** As {@link finish}, but it goes on; unless nobody can make anything of the part, which ends it with the error. */
  tell(id: number, part: P): void {
    const pending = this.#pending.get(id);
    try {
      pending?.onPart?.(part);
    } catch (thrown) {
      pending?.abort(GatewayError.from(thrown));
    }
  }

  /** Ends it from this side, as an abort of its signal does. */
  abort(id: number, error: GatewayError): void {
    this.#pending.get(id)?.abort(error);
  }

  /** No effect on a request that has ended: the engine may answer while a cancel is on its way to it. */
  finish(id: number, result: A): void {
    this.#take(id)?.resolve(result);
  }

  /** As {@link finish}. */
  fail(id: number, error: GatewayError): void {
    this.#take(id)?.reject(error);
  }

  failAll(error: GatewayError): void {
    for (const id of [...this.#pending.keys()]) this.fail(id, error);
  }

  #take(id: number): Pending<A, P> | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.release();
    return pending;
  }
}
