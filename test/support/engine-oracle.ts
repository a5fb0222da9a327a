/** What a request must answer, worked out alone, token by token, without scheduler, slots or forced chunks. */
import type { GenerateRequest, GenerateResult } from '../../src/runtime/engine/generate.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import type { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import { Sampler } from '../../src/runtime/sampling/sampler.ts';
import { extendPrefix, hashPrefix, writeLogits } from './fake-language.ts';

/** The part of a result that does not depend on what else runs. */
export type Answer = Pick<GenerateResult, 'tokens' | 'generatedTokens' | 'forcedTokens' | 'logProbs'>;

export function answerOf({ tokens, generatedTokens, forcedTokens, logProbs }: GenerateResult): Answer {
  return { tokens, generatedTokens, forcedTokens, logProbs };
}

export function generateAlone(request: GenerateRequest, vocabulary: Vocabulary): Answer {
  const matcher = new GrammarMatcher(vocabulary, request.grammar);
  const sampler = new Sampler(request.sampling);
  const logits = new Float32Array(vocabulary.size);
  const tokens: number[] = [];
  const logProbs = { control: 0, function: 0, args: 0, status: 0 };
  let generatedTokens = 0;
  let prefix = hashPrefix(request.promptTokens);
  while (!matcher.isTerminated) {
    const allowed = matcher.allowed();
    let token = allowed.tokens[0] ?? -1;
    if (allowed.count > 1) {
      writeLogits(prefix, logits);
      const sampled = sampler.sample(logits, allowed);
      token = sampled.token;
      logProbs[matcher.field] += sampled.logProb;
      generatedTokens += 1;
    }
    matcher.accept(token);
    tokens.push(token);
    prefix = extendPrefix(prefix, token);
  }
  return {
    tokens: Int32Array.from(tokens),
    generatedTokens,
    forcedTokens: tokens.length - generatedTokens,
    logProbs,
  };
}
