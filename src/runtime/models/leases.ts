/** Counts who uses a model, and closes it once nobody does. */
import { invariant } from '../errors.ts';
import type { ServedModel } from './served-model.ts';

export class Leases<M extends ServedModel> {
  readonly model: M;
  /** What the model takes; given back when it is closed. */
  readonly #memory: Disposable;
  #count = 0;
  #onIdle: (() => void) | undefined;

  constructor(model: M, memory: Disposable) {
    this.model = model;
    this.#memory = memory;
  }

  /** Must be disposed of exactly once. */
  lease(): Disposable & { readonly model: M } {
    this.#count += 1;
    let isHeld = true;
    return {
      model: this.model,
      [Symbol.dispose]: () => {
        invariant(isHeld, 'a lease is given back twice');
        isHeld = false;
        this.#count -= 1;
        if (this.#count === 0) this.#onIdle?.();
      },
    };
  }

  /** Waits until no lease is held, and closes the model. No lease may be given out from now on. Called once. */
  async close(): Promise<void> {
    if (this.#count > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.model.close('drain');
    this.#memory[Symbol.dispose]();
  }
}
