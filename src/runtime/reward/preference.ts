/** What the order of candidates follows when a reward model judges them too. */
import type { Candidate, Reward } from '../runtime.ts';

/**
 * Nats of log-probability that a unit of raw reward is worth: 1/beta of pi(a) exp(reward(a) / beta), the policy that earns most at a
 * given divergence from the action model's pi (arXiv 2305.18290, equation 4). The reward alone would pick what the action model knows to
 * be wrong: it has seen far less. docs/models.md says how the weight was found.
 */
export const REWARD_WEIGHT = 0.25;

type Judged = Pick<Candidate, 'probability'> & { readonly reward: Pick<Reward, 'raw'> };

/** The higher, the better. */
export function preferenceOf({ probability, reward }: Judged): number {
  // A probability may be too small to be told from 0, and two infinities cannot be compared.
  return Math.log(Math.max(probability, Number.MIN_VALUE)) + REWARD_WEIGHT * reward.raw;
}
