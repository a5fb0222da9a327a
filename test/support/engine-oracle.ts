/** What a request must answer, worked out alone, token by token, without scheduler, slots or forced chunks. */
import { seedsOfDraws } from '../../src/runtime/engine/candidates/draws.ts';
import type { AnswerCandidate, GenerateRequest, GenerateResult } from '../../src/runtime/engine/generate.ts';
import { GrammarMatcher } from '../../src/runtime/grammar/matcher.ts';
import type { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import { Sampler } from '../../src/runtime/sampling/sampler.ts';
import { extendPrefix, hashPrefix, writeLogits } from './fake-language.ts';
import { idsOf } from './ids-of.ts';

/** The part of a result that does not depend on what else runs. */
export type Answer = Pick<GenerateResult, 'tokens' | 'generatedTokens' | 'forcedTokens' | 'logProbs'>;

export function answerOf({ tokens, generatedTokens, forcedTokens, logProbs }: GenerateResult): Answer {
  return { tokens, generatedTokens, forcedTokens, logProbs };
}

export function generateAlone(request: GenerateRequest, vocabulary: Vocabulary): Answer {
  const { sampling, candidates = 1, bestChoice = false } = request;
  const isChosen = bestChoice && candidates === 1 && sampling.temperature === 0;
  return followAlone(request, vocabulary, isChosen ? chooseAlone(request, vocabulary) : []);
}

/** The likeliest or drawn tokens, after those that it has to begin with. */
function followAlone(request: GenerateRequest, vocabulary: Vocabulary, beginning: readonly number[]): Answer {
  const matcher = new GrammarMatcher(vocabulary, request.grammar);
  const sampler = new Sampler(request.sampling);
  const logits = new Float32Array(vocabulary.size);
  const tokens: number[] = [];
  const logProbs = { control: 0, function: 0, args: 0, status: 0, words: 0 };
  let generatedTokens = 0;
  let prefix = hashPrefix(request.promptTokens);
  while (!matcher.isTerminated) {
    const allowed = matcher.allowed();
    const ids = idsOf(allowed);
    let token = ids[0] ?? -1;
    if (ids.length > 1) {
      writeLogits(prefix, logits);
      const sampled = sampler.sample(logits, allowed);
      token = beginning[tokens.length] ?? sampled.token;
      logProbs[matcher.field] += sampled.logProb + ((logits[token] ?? 0) - (logits[sampled.token] ?? 0));
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

/** What is to be told of an answer ahead: its beginning up to the first decision behind those of its function. */
export function choiceIn(answer: Int32Array, { grammar }: GenerateRequest, vocabulary: Vocabulary) {
  const matcher = new GrammarMatcher(vocabulary, grammar);
  let hasFunction = false;
  for (const [i, token] of answer.entries()) {
    const isDecision = idsOf(matcher.allowed()).length > 1;
    if (isDecision && hasFunction && matcher.field !== 'function') return answer.slice(0, i);
    hasFunction ||= matcher.field === 'function';
    matcher.accept(token);
  }
  return undefined;
}

/** The most probable beginning up to where control and function are chosen: a plain beam search, in which words do not branch. */
function chooseAlone(request: GenerateRequest, vocabulary: Vocabulary): readonly number[] {
  const first = { matcher: new GrammarMatcher(vocabulary, request.grammar), tokens: [], logProb: 0, isGreedy: true };
  const isChosen = ({ matcher, tokens }: Beginning) =>
    matcher.isTerminated || (matcher.field !== 'function' && hasFunction(tokens, request, vocabulary));
  const chosen: Beginning[] = [];
  let level: Beginning[] = [takeForced(first)];
  while (level.length > 0) {
    chosen.push(...level.filter(isChosen));
    const open = level.filter((beginning) => !isChosen(beginning)).sort((a, b) => b.logProb - a.logProb);
    const kept = open.filter(({ isGreedy }, rank) => isGreedy || rank < 4);
    level = kept.flatMap((beginning) => {
      const following = goOn(beginning, request, vocabulary.size);
      if (beginning.matcher.field !== 'words') return following;
      return following.sort((a, b) => b.logProb - a.logProb).slice(0, 1);
    });
  }
  return chosen.sort((a, b) => b.logProb - a.logProb)[0]?.tokens ?? [];
}

function hasFunction(tokens: readonly number[], { grammar }: GenerateRequest, vocabulary: Vocabulary): boolean {
  const matcher = new GrammarMatcher(vocabulary, grammar);
  return tokens.some((token) => {
    const isFunction = matcher.field === 'function';
    matcher.accept(token);
    return isFunction;
  });
}

/** Natural log of the probability of a whole answer. */
export function logProbOf({ logProbs }: Pick<AnswerCandidate, 'logProbs'>): number {
  return Object.values(logProbs).reduce((sum, logProb) => sum + logProb, 0);
}

/** An answer of which some decisions are made. */
type Beginning = {
  readonly matcher: GrammarMatcher;
  readonly tokens: readonly number[];
  readonly logProb: number;
  readonly isGreedy: boolean;
};

/** Tokens of the answers in the order that they must have, and the log-probability of each. */
export type RankedAnswer = { readonly tokens: readonly number[]; readonly logProb: number };

/** All candidates of a request, worked out alone: a plain beam search level by level, or draw by draw. */
export function candidatesAlone(request: GenerateRequest, vocabulary: Vocabulary): RankedAnswer[] {
  const { sampling, candidates = 1 } = request;
  if (sampling.temperature === 0) return beamSearch(request, vocabulary);
  const draws = new Map<string, RankedAnswer>();
  for (const seed of seedsOfDraws(sampling.seed, candidates)) {
    const { tokens, logProbs } = generateAlone({ ...request, sampling: { ...sampling, seed } }, vocabulary);
    draws.set(tokens.join(), { tokens: [...tokens], logProb: logProbOf({ logProbs }) });
  }
  return [...draws.values()].sort((a, b) => b.logProb - a.logProb);
}

function beamSearch(request: GenerateRequest, vocabulary: Vocabulary): RankedAnswer[] {
  const { candidates: width = 1 } = request;
  const first = { matcher: new GrammarMatcher(vocabulary, request.grammar), tokens: [], logProb: 0, isGreedy: true };
  const whole: RankedAnswer[] = [];
  let level: Beginning[] = [takeForced(first)];
  while (level.length > 0) {
    whole.push(...level.filter(({ matcher }) => matcher.isTerminated));
    const open = level.filter(({ matcher }) => !matcher.isTerminated).sort((a, b) => b.logProb - a.logProb);
    const kept = open.filter(({ isGreedy }, rank) => isGreedy || rank < width);
    level = kept.flatMap((beginning) => goOn(beginning, request, vocabulary.size));
  }
  return whole.sort((a, b) => b.logProb - a.logProb).slice(0, width);
}

function goOn({ matcher, tokens, logProb, isGreedy }: Beginning, request: GenerateRequest, vocabSize: number) {
  const logits = new Float32Array(vocabSize);
  writeLogits(hashPrefix([...request.promptTokens, ...tokens]), logits);
  const allowed = idsOf(matcher.allowed());
  const total = Math.log(allowed.reduce((sum, token) => sum + Math.exp(logits[token] ?? 0), 0));
  const highest = Math.max(...allowed.map((token) => logits[token] ?? 0));
  return allowed.map((token): Beginning => {
    const logit = logits[token] ?? 0;
    const next = matcher.clone();
    next.accept(token);
    return takeForced({
      matcher: next,
      tokens: [...tokens, token],
      logProb: logProb + logit - total,
      isGreedy: isGreedy && logit === highest,
    });
  });
}

function takeForced({ matcher, tokens, ...rest }: Beginning): Beginning {
  const forced: number[] = [];
  matcher.forcedTokens(forced);
  for (const token of forced) matcher.accept(token);
  return { matcher, tokens: [...tokens, ...forced], ...rest };
}
