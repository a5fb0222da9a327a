/** The port of reward models: token rows in, one number each out. Everything above it runs without ONNX Runtime. */

/**
 * Scores rows of tokens. `run` is synchronous: it belongs to a thread that has nothing else to do. It throws `GatewayError`
 * (`backend_failed`) when the backend fails.
 */
export interface RewardRunner extends Disposable {
  readonly vocabSize: number;
  /** Most tokens of a row. */
  readonly maxLength: number;
  /**
   * The reward of each row, read at its last token; the caller's to keep. Shorter rows are padded to the longest, and a row's
   * reward does not depend on that.
   */
  run(batch: readonly Int32Array[]): Float32Array;
}
