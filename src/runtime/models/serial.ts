/** Runs what concerns the same key one after the other, in the order it was asked for. */
export class Serial {
  /** By key, the end of what was asked for last; never rejects. */
  readonly #tails = new Map<string, Promise<void>>();

  /** Settles as `work` does. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#tails.get(key) ?? Promise.resolve()).then(work);
    const tail = result.then(
      () => {},
      () => {}, // Told to who asked for it.
    );
    this.#tails.set(key, tail);
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    return result;
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values());
  }
}
