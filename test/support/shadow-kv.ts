/** What is really in the KV slots of the fake runner: per position, whose it is and the hash of the prefix up to it. */
import assert from 'node:assert/strict';
import type { StepEntry } from '../../src/runtime/scheduler/step-plan.ts';
import { EMPTY_PREFIX, extendPrefix } from './fake-language.ts';

/** Nobody's: never written, or undefined after a failed step. */
const NOBODY = Number.NEGATIVE_INFINITY;

export class ShadowKv {
  readonly #maxLength: number;
  /** Shape [slots, maxLength], both. */
  readonly #owners: Float64Array;
  readonly #hashes: Uint32Array;

  constructor(numSlots: number, maxLength: number) {
    this.#maxLength = maxLength;
    this.#owners = new Float64Array(numSlots * maxLength).fill(NOBODY);
    this.#hashes = new Uint32Array(numSlots * maxLength);
  }

  /**
   * Writes an entry's tokens and returns the hash of the prefix that ends with them. Fails if what the entry claims as
   * computed is not exactly its own sequence's KV.
   */
  write(entry: StepEntry): number {
    const { sequenceId, slot, start, tokens } = entry;
    assert.ok(start + tokens.length <= this.#maxLength, `sequence ${sequenceId} outgrows slot ${slot}`);
    const base = slot * this.#maxLength;
    this.#checkPrefix(entry);
    let hash = start === 0 ? EMPTY_PREFIX : (this.#hashes[base + start - 1] ?? 0);
    tokens.forEach((token, i) => {
      hash = extendPrefix(hash, token);
      this.#hashes[base + start + i] = hash;
      this.#owners[base + start + i] = sequenceId;
    });
    // What lies behind is masked by the real thing, and no one's business.
    this.#owners.fill(NOBODY, base + start + tokens.length, base + this.#maxLength);
    return hash;
  }

  #checkPrefix({ sequenceId, slot, start }: StepEntry): void {
    const base = slot * this.#maxLength;
    for (let position = 0; position < start; position++) {
      const owner = this.#owners[base + position];
      assert.equal(
        owner,
        sequenceId,
        owner === NOBODY
          ? `sequence ${sequenceId} claims position ${position} of slot ${slot}, which was never computed`
          : `sequence ${sequenceId} claims position ${position} of slot ${slot}, which is of sequence ${owner}`,
      );
    }
    assert.notEqual(
      this.#owners[base + start],
      sequenceId,
      `sequence ${sequenceId} computes position ${start} of slot ${slot} twice`,
    );
  }

  /** After a failed step nothing is known about a slot. */
  poison(slot: number): void {
    this.#owners.fill(NOBODY, slot * this.#maxLength, (slot + 1) * this.#maxLength);
  }
}
