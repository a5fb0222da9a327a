/**
 * Keeps the tokens of texts that come back: names of controls, of functions. A request looks up some five hundred, so a look-up
 * must cost next to nothing; a list in order of use, as LRU caches have it, costs more than all else about one. So there are two
 * generations: what was not asked for while the younger one filled up goes with the older one.
 */

/** What a kept text takes beside itself and its tokens: the array's object, the map's entry, the key. Measured. */
const ENTRY_BYTES = 320;

export class SegmentCache {
  readonly #maxBytes: number;
  #young = new Map<string, Int32Array>();
  #old: ReadonlyMap<string, Int32Array> = new Map();
  /** Of the younger generation. */
  #bytes = 0;

  /** `maxBytes`: of both generations together, roughly. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(text: string): Int32Array | undefined {
    const tokens = this.#young.get(text);
    if (tokens !== undefined) return tokens;
    const kept = this.#old.get(text);
    if (kept !== undefined) this.set(text, kept);
    return kept;
  }

  /** Of a text that is not kept in the younger generation. */
  set(text: string, tokens: Int32Array): void {
    const bytes = ENTRY_BYTES + tokens.byteLength + 2 * text.length;
    const mostBytes = this.#maxBytes / 2;
    if (bytes > mostBytes) return;
    if (this.#bytes + bytes > mostBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#bytes = 0;
    }
    this.#young.set(text, tokens);
    this.#bytes += bytes;
  }
}
