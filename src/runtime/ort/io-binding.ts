/** Which tensors a run reads and writes, by name. Kept between runs: only what changes is bound again. */
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { check } from './status.ts';
import type { Tensor } from './tensor.ts';

export class IoBinding implements Disposable {
  readonly #library: OrtLibrary;
  readonly #handle: NativeHandle;
  /** Kept, because native code reads and writes their memory. */
  readonly #inputs = new Map<string, Tensor>();
  readonly #outputs = new Map<string, Tensor>();

  constructor(library: OrtLibrary, sessionAddress: bigint) {
    this.#library = library;
    this.#handle = createHandle(library, 'binding', (out) => library.api.CreateIoBinding(sessionAddress, out));
  }

  /** Binds an input; free when it is this tensor already. */
  bindInput(name: string, tensor: Tensor): void {
    if (this.#inputs.get(name) === tensor) return;
    check(this.#library, this.#library.api.BindInput(this.#handle.address, name, tensor.address), `bind input ${name}`);
    this.#inputs.set(name, tensor);
  }

  /** Binds an output: the run writes into the tensor's memory, whose shape must be the output's. */
  bindOutput(name: string, tensor: Tensor): void {
    const status = this.#library.api.BindOutput(this.#handle.address, name, tensor.address);
    check(this.#library, status, `bind output ${name}`);
    this.#outputs.set(name, tensor);
  }

  get address(): bigint {
    return this.#handle.address;
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
    this.#inputs.clear();
    this.#outputs.clear();
  }
}
