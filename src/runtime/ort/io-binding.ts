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

  readonly #copiesInputs: boolean;

  /** `copiesInputs`: whether the session computes on a device, and copies what is in the host's memory when it is bound. */
  constructor(library: OrtLibrary, sessionAddress: bigint, { copiesInputs }: { copiesInputs: boolean }) {
    this.#library = library;
    this.#copiesInputs = copiesInputs;
    this.#handle = createHandle(library, 'binding', (out) => library.api.CreateIoBinding(sessionAddress, out));
  }

  /** Binds an input; free when it is this tensor already, unless that means a copy of what it holds now. */
  bindInput(name: string, tensor: Tensor): void {
    if (!this.#copiesInputs && this.#inputs.get(name) === tensor) return;
    check(this.#library, this.#library.api.BindInput(this.#handle.address, name, tensor.address), `bind input ${name}`);
    this.#inputs.set(name, tensor);
  }

  /** Binds an output: the run writes into the tensor's memory, whose shape must be the output's. Free when it is this one already. */
  bindOutput(name: string, tensor: Tensor): void {
    if (this.#outputs.get(name) === tensor) return;
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
