/** KV of the fake runner outside its slots: what it was computed from, and whether it is still alive. */
import assert from 'node:assert/strict';
import type { KvBlock } from '../../src/runtime/kv/kv-block.ts';

export type ShadowBlockOptions = {
  /** Position of the first of its hashes: KV holds positions, so it fits nowhere else. */
  readonly start: number;
  /** Hash of the prefix before it. */
  readonly previous: number;
  readonly hashes: Uint32Array;
  readonly bytesPerToken: number;
  /** Every block that is not disposed of; it enters and leaves by itself. */
  readonly alive: Set<KvBlock>;
};

export class ShadowBlock implements KvBlock {
  readonly start: number;
  readonly previous: number;
  readonly hashes: Uint32Array;
  readonly numTokens: number;
  readonly numBytes: number;
  readonly #alive: Set<KvBlock>;

  constructor({ start, previous, hashes, bytesPerToken, alive }: ShadowBlockOptions) {
    this.start = start;
    this.previous = previous;
    this.hashes = hashes;
    this.numTokens = hashes.length;
    this.numBytes = hashes.length * bytesPerToken;
    this.#alive = alive;
    alive.add(this);
  }

  [Symbol.dispose](): void {
    assert.ok(this.#alive.delete(this), 'a block is disposed of twice');
  }
}
