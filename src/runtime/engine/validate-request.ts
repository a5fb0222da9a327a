/** The check at the engine's door: what passes can be computed without an index ever leaving its array. */
import { GatewayError, invalid } from '../errors.ts';
import type { Grammar } from '../grammar/grammar.ts';
import { validateGrammar } from '../grammar/validate.ts';
import type { Vocabulary } from '../grammar/vocabulary.ts';
import type { OpenRequest } from './generate.ts';

const MAX_TEMPERATURE = 2;
const MAX_PRIORITY = 9;
const MAX_CANDIDATES = 16;

/** Throws `invalid_request` naming the field, and what {@link validateGrammarOf} throws for a grammar that is there. */
export function validateRequest(request: OpenRequest, vocabulary: Vocabulary, maxLength: number): void {
  const { promptTokens, grammar, sampling, priority = 0, candidates = 1 } = request;
  if (promptTokens.length === 0) throw invalid('promptTokens', 'must not be empty');
  // Not by its iterator, which takes several times as long.
  for (let i = 0; i < promptTokens.length; i++) {
    const token = promptTokens[i] as number;
    if (token < 0 || token >= vocabulary.size) throw invalid('promptTokens', `token ${token} is not in the vocabulary`);
  }
  if (!(sampling.temperature >= 0 && sampling.temperature <= MAX_TEMPERATURE)) {
    throw invalid('sampling.temperature', `must be between 0 and ${MAX_TEMPERATURE}`);
  }
  if (!isWhole(priority, 0, MAX_PRIORITY))
    throw invalid('priority', `must be a whole number from 0 to ${MAX_PRIORITY}`);
  if (!isWhole(candidates, 1, MAX_CANDIDATES)) {
    throw invalid('candidates', `must be a whole number from 1 to ${MAX_CANDIDATES}`);
  }
  if (grammar === undefined) checkLength(promptTokens, 0, maxLength);
  else validateGrammarOf({ promptTokens, grammar }, vocabulary, maxLength);
}

/**
 * Throws `context_length` when prompt and longest answer do not fit in `maxLength` positions, and `InvariantError` for a grammar
 * that no builder of ours makes.
 */
export function validateGrammarOf(
  { promptTokens, grammar }: { readonly promptTokens: Int32Array; readonly grammar: Grammar },
  vocabulary: Vocabulary,
  maxLength: number,
): void {
  checkLength(promptTokens, grammar.maxTokens, maxLength);
  validateGrammar(grammar, vocabulary);
}

function checkLength({ length }: Int32Array, maxAnswer: number, maxLength: number): void {
  if (length + maxAnswer <= maxLength) return;
  const parts = `${length} prompt tokens and up to ${maxAnswer} answer tokens`;
  throw new GatewayError('context_length', `${parts} exceed the context of ${maxLength}`);
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
