/**
 * Random numbers of one request: xoshiro128** by David Blackman and Sebastiano Vigna (public domain,
 * https://prng.di.unimi.it/xoshiro128starstar.c). Same seed, same numbers, on every machine.
 */

export class Rng {
  readonly #state = new Uint32Array(4);

  /** `seed` is taken modulo 2 ** 32; neighbouring seeds give unrelated numbers. */
  constructor(seed: number) {
    // The authors advise to fill the state from a generator of another kind; any counter through a good mixer will do.
    for (let i = 0; i < 4; i++) this.#state[i] = mix(seed + Math.imul(i + 1, 0x9e3779b9));
    // Zero is the one state that it never leaves. The mixer is a bijection, so four different counters exclude it.
  }

  /** The next 32 bits, as an unsigned integer. */
  nextUint32(): number {
    const state = this.#state;
    const s1 = state[1] as number;
    const result = Math.imul(rotateLeft(Math.imul(s1, 5), 7), 9) >>> 0;
    state[2] = (state[2] as number) ^ (state[0] as number);
    state[3] = (state[3] as number) ^ s1;
    state[1] = s1 ^ (state[2] as number);
    state[0] = (state[0] as number) ^ (state[3] as number);
    state[2] = (state[2] as number) ^ (s1 << 9);
    state[3] = rotateLeft(state[3] as number, 11);
    return result;
  }

  /** Uniform in [0, 1), with 53 random bits. */
  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }
}

function rotateLeft(bits: number, count: number): number {
  return (bits << count) | (bits >>> (32 - count));
}

/** The finalizer of MurmurHash3 by Austin Appleby (public domain): each input bit flips every output bit half the time. */
function mix(bits: number): number {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
