/**
 * The probabilities of the tokens that one decision allows. Looks at no other token. Few are allowed in most decisions, but a
 * text allows nearly the whole vocabulary: one pass finds all there is to know, a draw needs a second one.
 */
import { GatewayError, InvariantError, invariant } from '../errors.ts';
import type { AllowedTokens } from '../grammar/decision-tokens.ts';
import { expOfNegative } from './fast-exp.ts';

/** Tokens per block: a draw finds its block by the sums before each, and walks through that one only. */
const BLOCK = 1024;

const NO_LOGITS = new Float32Array(0);
const NO_TOKENS = new Int32Array(0);

/** For one decision at a time, again and again. Weights are relative to the likeliest token's, which is 1: none overflows. */
export class Distribution {
  #logits: Float32Array = NO_LOGITS;
  #allowed: AllowedTokens = { tokens: NO_TOKENS, count: 0, ends: NO_TOKENS };
  #likeliest = -1;
  #peak = -Infinity;
  /** Weight of all allowed tokens at temperature 1; at least 1, because the likeliest is one of them. */
  #total = 0;
  #temperature = 1;
  /** [blocks + 1] Weight of all tokens before a block; the tokens that end a text are the last block. */
  #before = new Float64Array(1);

  /** The allowed token of the highest logit, the lowest id among equals. */
  get likeliest(): number {
    return this.#likeliest;
  }

  /**
   * Turns to a decision. `logits`: [vocab]. Throws `GatewayError` (`backend_failed`) when the allowed logits hold NaN or
   * +Infinity, or no finite value at all.
   */
  look(logits: Float32Array, allowed: AllowedTokens): void {
    const { tokens, count, ends } = allowed;
    invariant(count + ends.length > 0, 'no token is allowed');
    this.#logits = logits;
    this.#allowed = allowed;
    this.#likeliest = -1;
    this.#peak = -Infinity;
    this.#total = 0;
    this.#scan(tokens, count);
    this.#scan(ends, ends.length);
    if (Number.isFinite(this.#peak)) return;
    const total = count + ends.length;
    throw new GatewayError('backend_failed', `the highest logit of ${total} allowed tokens is ${this.#peak}`);
  }

  /** Natural log of the probability of an allowed token at temperature 1. */
  logProb(token: number): number {
    return (this.#logits[token] as number) - this.#peak - Math.log(this.#total);
  }

  /** The weight of all allowed tokens at a temperature above 0. */
  totalWeight(temperature: number): number {
    const { tokens, count, ends } = this.#allowed;
    const numBlocks = Math.ceil(count / BLOCK);
    if (this.#before.length <= numBlocks) this.#before = new Float64Array(numBlocks + 1);
    this.#temperature = temperature;
    let total = 0;
    for (let block = 0; block < numBlocks; block++) {
      this.#before[block] = total;
      total = this.#add(total, tokens.subarray(block * BLOCK, Math.min(count, (block + 1) * BLOCK)));
    }
    this.#before[numBlocks] = total;
    return this.#add(total, ends);
  }

  /**
   * The token on which a point falls when all allowed tokens lie in a row, each as wide as its weight. `point` is from 0 to
   * the total weight, at the temperature for which that was last asked.
   */
  tokenAt(point: number): number {
    const { tokens, count, ends } = this.#allowed;
    const numBlocks = Math.ceil(count / BLOCK);
    let block = 0;
    while (block < numBlocks && (this.#before[block + 1] as number) <= point) block += 1;
    const candidates =
      block === numBlocks ? ends : tokens.subarray(block * BLOCK, Math.min(count, (block + 1) * BLOCK));
    let passed = this.#before[block] as number;
    for (const token of candidates) {
      passed += this.#weight(token);
      // Strictly: a token of weight 0 is never drawn.
      if (passed > point) return token;
    }
    // Sums are the same as before, bit by bit, so this is a point that rounding has put at the very end.
    return this.#likeliest;
  }

  #scan(tokens: Int32Array, count: number): void {
    const logits = this.#logits;
    let best = this.#likeliest;
    let peak = this.#peak;
    let total = this.#total;
    for (let i = 0; i < count; i++) {
      const token = tokens[i] as number;
      const logit = logits[token] as number;
      if (logit < peak) {
        total += expOfNegative(logit - peak);
      } else if (logit > peak) {
        // What was added up so far was relative to a lower peak. A handful of tokens out of thousands come here.
        total = total * expOfNegative(peak - logit) + 1;
        best = token;
        peak = logit;
      } else if (logit === peak) {
        total += 1;
        best = Math.min(best, token);
      } else {
        throw notANumber(token, logits);
      }
    }
    this.#likeliest = best;
    this.#peak = peak;
    this.#total = total;
  }

  #add(sum: number, tokens: Int32Array): number {
    let total = sum;
    for (let i = 0; i < tokens.length; i++) total += this.#weight(tokens[i] as number);
    return total;
  }

  #weight(token: number): number {
    return expOfNegative(((this.#logits[token] as number) - this.#peak) / this.#temperature);
  }
}

function notANumber(token: number, logits: Float32Array): Error {
  if (token >= logits.length) return new InvariantError(`the allowed token ${token} has no logit`);
  return new GatewayError('backend_failed', `the logit of token ${token} is NaN`);
}
