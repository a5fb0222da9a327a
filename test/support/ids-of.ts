import type { AllowedTokens } from '../../src/runtime/grammar/decision-tokens.ts';

/** All tokens of a decision, ascending. */
export function idsOf({ tokens, count, ends }: AllowedTokens): number[] {
  return [...tokens.subarray(0, count), ...ends].sort((a, b) => a - b);
}
