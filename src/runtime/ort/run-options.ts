/** Options of runs; today the flag that makes a run under way stop between two operators. */
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { check } from './status.ts';

export class RunOptions implements Disposable {
  readonly #library: OrtLibrary;
  readonly #handle: NativeHandle;

  constructor(library: OrtLibrary) {
    this.#library = library;
    this.#handle = createHandle(library, 'run options', (out) => library.api.CreateRunOptions(out));
  }

  get address(): bigint {
    return this.#handle.address;
  }

  /** Makes runs with these options fail, the one under way too, until {@link resume}. */
  terminate(): void {
    check(this.#library, this.#library.api.RunOptionsSetTerminate(this.#handle.address), 'set the terminate flag');
  }

  resume(): void {
    check(this.#library, this.#library.api.RunOptionsUnsetTerminate(this.#handle.address), 'clear the terminate flag');
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}
