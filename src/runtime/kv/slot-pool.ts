/** Owns which sequence holds which KV slot. Knows nothing of what is in the slots. */
import { invariant } from '../errors.ts';

/** Slots `0 .. numSlots`, each free or owned by one sequence, which may own several. */
export class SlotPool {
  /** Sequence id per slot; undefined where the slot is free. */
  readonly #owners: (number | undefined)[];
  #numFree: number;

  constructor(numSlots: number) {
    invariant(Number.isInteger(numSlots) && numSlots > 0, `a slot pool needs slots, not ${numSlots}`);
    this.#owners = new Array(numSlots).fill(undefined);
    this.#numFree = numSlots;
  }

  get numFree(): number {
    return this.#numFree;
  }

  get numUsed(): number {
    return this.#owners.length - this.#numFree;
  }

  /**
   * Hands out the lowest free slot, or undefined when there is none. Lowest first keeps the slots in use close
   * together, and a decode batch runs over the range from the lowest to the highest of them.
   */
  acquire(sequenceId: number): number | undefined {
    if (this.#numFree === 0) return undefined;
    const slot = this.#owners.indexOf(undefined);
    this.#owners[slot] = sequenceId;
    this.#numFree -= 1;
    return slot;
  }

  /** Gives back a slot that `sequenceId` owns. */
  release(slot: number, sequenceId: number): void {
    const owner = this.owner(slot);
    invariant(owner === sequenceId, `sequence ${sequenceId} releases slot ${slot}, which ${ownerText(owner)}`);
    this.#owners[slot] = undefined;
    this.#numFree += 1;
  }

  /** The sequence that owns `slot`, or undefined when it is free. */
  owner(slot: number): number | undefined {
    invariant(slot >= 0 && slot < this.#owners.length, `slot ${slot} does not exist`);
    return this.#owners[slot];
  }

  /** Throws unless used + free = total. */
  checkIntegrity(): void {
    const owners = this.#owners.filter((owner) => owner !== undefined);
    invariant(
      owners.length + this.#numFree === this.#owners.length,
      `${owners.length} used + ${this.#numFree} free slots are not ${this.#owners.length}`,
    );
  }
}

function ownerText(owner: number | undefined): string {
  return owner === undefined ? 'is free' : `belongs to sequence ${owner}`;
}
