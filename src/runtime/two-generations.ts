/**
 * A map of bounded size whose look-ups cost next to nothing; a list in order of use, as LRU caches have it, costs more than all else
 * about one. What was not asked for while the younger generation filled up goes with the older one.
 */
export class TwoGenerations<K, V> {
  readonly #maxSize: number;
  readonly #sizeOf: (key: K, value: V) => number;
  #young = new Map<K, V>();
  #old: ReadonlyMap<K, V> = new Map();
  /** Of the younger generation. */
  #size = 0;

  /** `maxSize`: of both generations together, in the unit of `sizeOf`; default: entries. */
  constructor(maxSize: number, sizeOf: (key: K, value: V) => number = () => 1) {
    this.#maxSize = maxSize;
    this.#sizeOf = sizeOf;
  }

  get(key: K): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  /** An entry larger than a generation is not kept. */
  set(key: K, value: V): void {
    const size = this.#sizeOf(key, value);
    const mostSize = this.#maxSize / 2;
    if (size > mostSize) return;
    if (this.#size + size > mostSize) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#size = 0;
    }
    this.#young.set(key, value);
    this.#size += size;
  }
}
