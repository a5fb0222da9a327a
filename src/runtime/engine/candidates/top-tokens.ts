/** The likeliest of the allowed tokens, for a search that tries several. */
import type { Sampler } from '../../sampling/sampler.ts';
import type { AnswerNode } from './answer-node.ts';

export type RankedToken = {
  readonly token: number;
  /** Natural log of the probability, renormalised over the allowed tokens. */
  readonly logProb: number;
};

/**
 * The `count` likeliest tokens after `node` (fewer where fewer are allowed), the likeliest first, the lower id among equals.
 * `greedy` is a sampler of temperature 0: the first token and its probability are what it says, so that one candidate
 * of several has the same numbers as it has alone. Throws what it throws.
 */
export function topTokens(
  node: AnswerNode,
  logits: Float32Array,
  { count, greedy }: { count: number; greedy: Sampler },
) {
  const allowed = node.allowed();
  const { token: likeliest, logProb: highest } = greedy.sample(logits, allowed);
  const peak = logits[likeliest] as number;
  const top: number[] = [];
  for (let i = 0; i < allowed.count; i++) insert(allowed.tokens[i] as number);
  for (const token of allowed.ends) insert(token);
  return top.map((token): RankedToken => ({ token, logProb: highest + ((logits[token] as number) - peak) }));

  function insert(token: number): void {
    if (top.length === count && !isBefore(token, top[count - 1] as number)) return;
    let at = top.length;
    while (at > 0 && isBefore(token, top[at - 1] as number)) at -= 1;
    top.splice(at, 0, token);
    if (top.length > count) top.pop();
  }

  function isBefore(a: number, b: number): boolean {
    const difference = (logits[a] as number) - (logits[b] as number);
    return difference === 0 ? a < b : difference > 0;
  }
}
