/**
 * Owns the KV memory: per layer one buffer for keys and one for values, `[slots, kv_heads, max_length, head_dim]`, allocated
 * once. Knows how much of each slot was computed, and nothing of whose it is.
 */
import { GatewayError, invariant } from '../errors.ts';
import type { DecoderConfig } from './decoder-signature.ts';

export class KvBuffers {
  readonly numSlots: number;
  readonly maxLength: number;
  /** Floats that one position takes over all layers, keys and values. */
  readonly floatsPerToken: number;
  /** Key and value of layer 0, of layer 1, ... */
  readonly #buffers: readonly Float32Array[];
  readonly numKvHeads: number;
  readonly headDim: number;
  /** Per slot, how many positions hold KV. */
  readonly #lengths: Int32Array;

  constructor(config: DecoderConfig, numSlots: number) {
    const { numLayers, numKvHeads, headDim, maxLength } = config;
    const sizes = { numSlots, numLayers, numKvHeads, headDim, maxLength };
    for (const [name, size] of Object.entries(sizes)) {
      invariant(Number.isSafeInteger(size) && size > 0, `${name} must be a positive integer, not ${size}`);
    }
    this.numSlots = numSlots;
    this.maxLength = maxLength;
    this.floatsPerToken = 2 * numLayers * numKvHeads * headDim;
    this.numKvHeads = numKvHeads;
    this.headDim = headDim;
    this.#lengths = new Int32Array(numSlots);
    const bufferLength = numSlots * numKvHeads * maxLength * headDim;
    this.#buffers = Array.from({ length: 2 * numLayers }, () => allocate(bufferLength));
  }

  get numBuffers(): number {
    return this.#buffers.length;
  }

  /** How many positions of the slot hold KV, of whichever sequence. */
  length(slot: number): number {
    return this.#lengths[slot] as number;
  }

  /** After a run that computed the positions before `length`, and no later ones. */
  setLength(slot: number, length: number): void {
    this.#lengths[slot] = length;
  }

  /** A range of slots of one buffer: a view, because slots are the outermost axis. */
  rows(buffer: number, { first, count }: { first: number; count: number }): Float32Array {
    const slotLength = this.numKvHeads * this.maxLength * this.headDim;
    return this.#buffer(buffer).subarray(first * slotLength, (first + count) * slotLength);
  }

  /**
   * Copies KV of the positions from `start` on into `target`, as many as it has room for.
   * `target`: [layers * 2, kv_heads, positions, head_dim].
   */
  copyOut(slot: number, start: number, target: Float32Array): void {
    const count = this.#countPositions(target);
    this.#checkRange(slot, { start, count, limit: this.length(slot) });
    const runLength = count * this.headDim;
    let at = 0;
    for (const { buffer, from } of this.#runs(slot, start)) {
      target.set(buffer.subarray(from, from + runLength), at);
      at += runLength;
    }
  }

  /** The reverse of {@link copyOut}: the positions that `source` holds are valid afterwards. */
  copyIn(slot: number, start: number, source: Float32Array): void {
    const count = this.#countPositions(source);
    this.#checkRange(slot, { start, count, limit: this.maxLength });
    const runLength = count * this.headDim;
    let at = 0;
    for (const { buffer, from } of this.#runs(slot, start)) {
      buffer.set(source.subarray(at, at + runLength), from);
      at += runLength;
    }
    // Never less: blocks may be copied in any order, and what was valid stays valid.
    this.setLength(slot, Math.max(this.length(slot), start + count));
  }

  /** Where the positions from `start` on are, in the order of a packed block: each run of them is contiguous in `buffer`. */
  *#runs(slot: number, start: number): Iterable<{ buffer: Float32Array; from: number }> {
    for (const buffer of this.#buffers) {
      for (let head = 0; head < this.numKvHeads; head++) {
        yield { buffer, from: ((slot * this.numKvHeads + head) * this.maxLength + start) * this.headDim };
      }
    }
  }

  #countPositions(block: Float32Array): number {
    const count = block.length / this.floatsPerToken;
    invariant(Number.isInteger(count) && count > 0, `${block.length} floats are no block of KV`);
    return count;
  }

  #checkRange(slot: number, { start, count, limit }: { start: number; count: number; limit: number }): void {
    invariant(Number.isInteger(slot) && slot >= 0 && slot < this.numSlots, `slot ${slot} does not exist`);
    const isInside = Number.isInteger(start) && start >= 0 && start + count <= limit;
    invariant(isInside, `positions ${start} .. ${start + count} of slot ${slot} are outside 0 .. ${limit}`);
  }

  #buffer(index: number): Float32Array {
    const buffer = this.#buffers[index];
    invariant(buffer !== undefined, `KV buffer ${index} does not exist`);
    return buffer;
  }
}

function allocate(length: number): Float32Array {
  try {
    return new Float32Array(length);
  } catch (cause) {
    const mebibytes = Math.ceil((length * Float32Array.BYTES_PER_ELEMENT) / 2 ** 20);
    throw new GatewayError('backend_failed', `no room for a KV buffer of ${mebibytes} MiB`, { cause });
  }
}
