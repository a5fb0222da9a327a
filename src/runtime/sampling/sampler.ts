/** Chooses a token out of those that the grammar allows. One per request; allocates nothing per call. */
import type { SamplingOptions } from '../engine/generate.ts';
import { GatewayError, InvariantError, invariant } from '../errors.ts';
import type { AllowedTokens } from '../grammar/token-list.ts';
import { Rng } from './rng.ts';

export type Sampled = {
  readonly token: number;
  /** Natural log of the probability at temperature 1, renormalised over the allowed tokens: what the model believed. */
  readonly logProb: number;
};

export class Sampler {
  readonly #temperature: number;
  readonly #rng: Rng;
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
    const likeliest = argmax(logits, allowed);
    const peak = logits[likeliest] as number;
    const token = this.#temperature === 0 ? likeliest : this.#draw(logits, allowed, peak);
    this.#sampled.token = token;
    this.#sampled.logProb = (logits[token] as number) - peak - logOfSum(logits, allowed, peak);
    return this.#sampled;
  }

  /** Inverts the cumulative distribution at one random point: a second pass instead of a buffer of weights. */
  #draw(logits: Float32Array, { tokens, count }: AllowedTokens, peak: number): number {
    let total = 0;
    for (let i = 0; i < count; i++) total += this.#weight(logits[tokens[i] as number] as number, peak);
    const point = this.#rng.nextFloat() * total;
    let cumulated = 0;
    for (let i = 0; i < count; i++) {
      const token = tokens[i] as number;
      cumulated += this.#weight(logits[token] as number, peak);
      // Strictly: a token of weight 0 is never chosen, and the point lies below the total.
      if (cumulated > point) return token;
    }
    throw new InvariantError(`nothing drawn at ${point} of ${total}`);
  }

  /** Relative to the likeliest token's weight, which is 1: no overflow, whatever the logits. */
  #weight(logit: number, peak: number): number {
    return Math.exp((logit - peak) / this.#temperature);
  }
}

/** The allowed token of the highest logit, the first of equals. */
function argmax(logits: Float32Array, { tokens, count }: AllowedTokens): number {
  invariant(count > 0, 'no token is allowed');
  invariant((tokens[count - 1] as number) < logits.length, 'an allowed token has no logit');
  let best = -1;
  let peak = -Infinity;
  for (let i = 0; i < count; i++) {
    const token = tokens[i] as number;
    const logit = logits[token] as number;
    if (Number.isNaN(logit)) throw new GatewayError('backend_failed', `the logit of token ${token} is NaN`);
    if (logit > peak) {
      best = token;
      peak = logit;
    }
  }
  if (Number.isFinite(peak)) return best;
  throw new GatewayError('backend_failed', `the highest logit of ${count} allowed tokens is ${peak}`);
}

/** ln of the sum of exp(logit - peak): at least 0, because the peak is one of them. */
function logOfSum(logits: Float32Array, { tokens, count }: AllowedTokens, peak: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp((logits[tokens[i] as number] as number) - peak);
  return Math.log(sum);
}
