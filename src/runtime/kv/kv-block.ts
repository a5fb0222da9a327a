/** A piece of computed KV outside its slot, wherever the runner keeps such things: host memory or the device. */

/** KV of some consecutive positions over all layers. Immutable; must be disposed of exactly once. */
export interface KvBlock extends Disposable {
  /** Positions. */
  readonly numTokens: number;
  /** Memory that it takes. */
  readonly numBytes: number;
}
