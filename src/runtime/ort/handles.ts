/** The ledger of native handles: each is counted from its creation on, and released exactly once. */
import { invariant } from '../errors.ts';
import type { Address, OrtLibrary } from './library.ts';
import { OutCell } from './native-memory.ts';
import { check } from './status.ts';

/** What a handle is of, and the function that releases it. */
const RELEASE_FUNCTIONS = {
  env: 'ReleaseEnv',
  'session options': 'ReleaseSessionOptions',
  'CUDA options': 'ReleaseCUDAProviderOptions',
  session: 'ReleaseSession',
  'memory info': 'ReleaseMemoryInfo',
  allocator: 'ReleaseAllocator',
  'type info': 'ReleaseTypeInfo',
  tensor: 'ReleaseValue',
  binding: 'ReleaseIoBinding',
  'run options': 'ReleaseRunOptions',
} as const;

export type HandleKind = keyof typeof RELEASE_FUNCTIONS;

/** In an order that is the same in every thread. */
export const HANDLE_KINDS = Object.keys(RELEASE_FUNCTIONS) as readonly HandleKind[];

export function releaseFunction<K extends HandleKind>(kind: K): (typeof RELEASE_FUNCTIONS)[K] {
  return RELEASE_FUNCTIONS[kind];
}

/** Who is told of every handle of this thread: after its creation, and before its release. */
export interface HandleRecord {
  add(kind: HandleKind, address: bigint): void;
  remove(address: bigint): void;
}

let record: HandleRecord | undefined;

/** From now on; before the first handle is created. */
export function recordHandles(newRecord: HandleRecord): void {
  record = newRecord;
}

/** Handles of this thread that are not released yet. A handle never leaves the thread that made it. */
const live = new Map<HandleKind, number>();

/** A native object that we own. Using it after its release, or releasing it twice, is a bug and throws `InvariantError`. */
export class NativeHandle implements Disposable {
  readonly kind: HandleKind;
  readonly #library: OrtLibrary;
  #address: Address;

  constructor(library: OrtLibrary, kind: HandleKind, address: bigint) {
    this.kind = kind;
    this.#library = library;
    this.#address = address;
    live.set(kind, (live.get(kind) ?? 0) + 1);
    record?.add(kind, address);
  }

  get address(): bigint {
    invariant(this.#address !== null, `a released ${this.kind} is used`);
    return this.#address;
  }

  [Symbol.dispose](): void {
    invariant(this.#address !== null, `a ${this.kind} is released twice`);
    record?.remove(this.#address);
    this.#library.api[RELEASE_FUNCTIONS[this.kind]](this.#address);
    this.#address = null;
    const left = (live.get(this.kind) ?? 0) - 1;
    if (left === 0) live.delete(this.kind);
    else live.set(this.kind, left);
  }
}

/** A native function that creates an object: it writes the address to `out`. */
export type CreateNative = (out: bigint) => Address;

/** Creates a native object and enters it in the ledger. Throws `GatewayError` (`backend_failed`) if it cannot be created. */
export function createHandle(library: OrtLibrary, kind: HandleKind, create: CreateNative): NativeHandle {
  const out = new OutCell();
  check(library, create(out.address), `create a ${kind}`);
  invariant(out.pointer !== null, `ONNX Runtime created a ${kind} at the null pointer`);
  return new NativeHandle(library, kind, out.pointer);
}

/** How many native handles of this thread are not released. Zero once everything is disposed of. */
export function liveHandles(): number {
  let sum = 0;
  for (const count of live.values()) sum += count;
  return sum;
}

/** The same by kind, without kinds that have none: says what leaks. */
export function liveHandlesByKind(): Readonly<Partial<Record<HandleKind, number>>> {
  return Object.fromEntries(live);
}
