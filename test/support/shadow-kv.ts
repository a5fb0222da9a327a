/** What is really in the KV slots of the fake runner: per position, whose it is and the hash of the prefix up to it. */
import assert from 'node:assert/strict';
import type { StepEntry } from '../../src/runtime/scheduler/step-plan.ts';
import { EMPTY_PREFIX, extendPrefix } from './fake-language.ts';
import type { ShadowBlock } from './shadow-block.ts';

/** Nobody's: never written, or undefined after a failed step. */
const NOBODY = Number.NEGATIVE_INFINITY;
/** Restored or copied; whoever computes the next position owns it. */
const FILLED = Number.POSITIVE_INFINITY;

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
   * computed is not exactly its own sequence's KV, or what was put there for it; `mayRepeat` allows it to compute a position
   * again.
   */
  write(entry: StepEntry, mayRepeat: boolean): number {
    const { sequenceId, slot, start, tokens } = entry;
    assert.ok(start + tokens.length <= this.#maxLength, `sequence ${sequenceId} outgrows slot ${slot}`);
    const base = slot * this.#maxLength;
    this.#checkPrefix(entry, mayRepeat);
    let hash = this.hashBefore(slot, start);
    tokens.forEach((token, i) => {
      hash = extendPrefix(hash, token);
      this.#hashes[base + start + i] = hash;
    });
    this.#own(slot, { end: start + tokens.length, owner: sequenceId });
    return hash;
  }

  #checkPrefix({ sequenceId, slot, start }: StepEntry, mayRepeat: boolean): void {
    const base = slot * this.#maxLength;
    for (let position = 0; position < start; position++) {
      const owner = this.#owners[base + position];
      if (owner === FILLED) continue;
      assert.equal(
        owner,
        sequenceId,
        owner === NOBODY
          ? `sequence ${sequenceId} claims position ${position} of slot ${slot}, which was never computed`
          : `sequence ${sequenceId} claims position ${position} of slot ${slot}, which is of sequence ${owner}`,
      );
    }
    if (mayRepeat) return;
    assert.notEqual(
      this.#owners[base + start],
      sequenceId,
      `sequence ${sequenceId} computes position ${start} of slot ${slot} twice`,
    );
  }

  /** Positions up to `end` are `owner`'s. What lies behind is masked by the real thing, and no one's business. */
  #own(slot: number, { end, owner }: { end: number; owner: number }): void {
    const base = slot * this.#maxLength;
    this.#owners.fill(owner, base, base + end);
    this.#owners.fill(NOBODY, base + end, base + this.#maxLength);
  }

  /** The hash of the prefix that ends before `position`. */
  hashBefore(slot: number, position: number): number {
    return position === 0 ? EMPTY_PREFIX : (this.#hashes[slot * this.#maxLength + position - 1] ?? 0);
  }

  /** Hashes of computed positions. */
  read(slot: number, start: number, numTokens: number): Uint32Array {
    const base = slot * this.#maxLength;
    for (let position = 0; position < start + numTokens; position++) {
      assert.notEqual(this.#owners[base + position], NOBODY, `position ${position} of slot ${slot} was never computed`);
    }
    return this.#hashes.slice(base + start, base + start + numTokens);
  }

  /** Puts a block behind the positions that it was computed behind. */
  fill(slot: number, { start, previous, hashes }: Pick<ShadowBlock, 'start' | 'previous' | 'hashes'>): void {
    const base = slot * this.#maxLength;
    assert.ok(start + hashes.length <= this.#maxLength, `a block outgrows slot ${slot}`);
    for (let position = 0; position < start; position++) {
      assert.equal(
        this.#owners[base + position],
        FILLED,
        `position ${position} of slot ${slot} was not restored before`,
      );
    }
    assert.equal(this.hashBefore(slot, start), previous, `a block is restored behind another prefix, to slot ${slot}`);
    this.#hashes.set(hashes, base + start);
    this.#own(slot, { end: start + hashes.length, owner: FILLED });
  }

  /** After a failed step nothing is known about a slot. */
  poison(slot: number): void {
    this.#own(slot, { end: 0, owner: NOBODY });
  }
}
