/** Chooses a token out of those that the grammar allows. One per request; allocates nothing per token. */
import type { SamplingOptions } from '../engine/generate.ts';
import { invariant } from '../errors.ts';
import type { AllowedTokens } from '../grammar/decision-tokens.ts';
import { Distribution } from './distribution.ts';
import { Rng } from './rng.ts';

export type Sampled = {
  readonly token: number;
  /** Natural log of the probability at temperature 1, renormalised over the allowed tokens: what the model believed. */
  readonly logProb: number;
};

export class Sampler {
  readonly #temperature: number;
  readonly #rng: Rng;
  readonly #distribution = new Distribution();
  readonly #sampled = { token: -1, logProb: 0 };

  /** Throws `InvariantError` when the temperature is not a number from 0. */
  constructor({ temperature, seed }: SamplingOptions) {
    invariant(temperature >= 0 && temperature < Infinity, `temperature ${temperature}`);
    this.#temperature = temperature;
    this.#rng = new Rng(seed);
  }

  /**
   * `logits`: [vocab]. At temperature 0 the likeliest token, the lowest id among equals; else one draw. The result is
   * valid until the next call. Throws `GatewayError` (`backend_failed`) when the allowed logits hold NaN or +Infinity,
   * or no finite value at all.
   */
  sample(logits: Float32Array, allowed: AllowedTokens): Sampled {
    const distribution = this.#distribution;
    distribution.look(logits, allowed);
    const token = this.#temperature === 0 ? distribution.likeliest : this.#draw();
    this.#sampled.token = token;
    this.#sampled.logProb = distribution.logProb(token);
    return this.#sampled;
  }

  #draw(): number {
    const total = this.#distribution.totalWeight(this.#temperature);
    return this.#distribution.tokenAt(this.#rng.nextFloat() * total);
  }
}
