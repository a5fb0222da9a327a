/**
 * What a reward model is shown: the state's prompt in the compact dialect, then the action as an answer to it, up to and
 * including `<|end|>`. Its reward is read at that last token.
 */
import { invalid } from '../errors.ts';
import { functionCatalog } from '../functions/catalog.ts';
import type { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { Action, State } from '../types.ts';
import { promptSegments, renderAnswer, renderPrompt } from './compact.ts';
import * as t from './compact-tokens.ts';
import type { Segment } from './segment.ts';
import { factsOf } from './state-facts.ts';

/** The form for training data; tokens are made of exactly these segments. */
export function renderPair(state: State, action: Action, facts = factsOf(state)): readonly Segment[] {
  return [...promptSegments(renderPrompt(state, facts)), ...renderAnswer(state, action, facts)];
}

export class RewardDialect {
  readonly name = 'compact';
  readonly #tokenizer: SegmentTokenizer;

  /** Throws `GatewayError` (`unavailable`) if the tokenizer lacks one of the dialect's special tokens. */
  constructor(tokenizer: SegmentTokenizer) {
    for (const name of t.SPECIAL_TOKENS) tokenizer.specialId(name);
    this.#tokenizer = tokenizer;
  }

  /**
   * Token ids of (state, action) for each action, in their order. The prompt is rendered once.
   * Throws `GatewayError` (`invalid_request`) naming the field of an action that cannot be one for this state.
   */
  prepare(state: State, actions: readonly Action[]): readonly Int32Array[] {
    const facts = factsOf(state);
    const prompt: number[] = [];
    this.#tokenizer.encode(promptSegments(renderPrompt(state, facts)), prompt);
    const ids = new Set(state.controls.map(({ id }) => id));
    return actions.map((action, i) => {
      checkAction(action, ids, `actions[${i}]`);
      const tokens = [...prompt];
      this.#tokenizer.encode(renderAnswer(state, action, facts), tokens);
      return Int32Array.from(tokens);
    });
  }
}

function checkAction(action: Action, controlIds: ReadonlySet<string>, field: string): void {
  if (action.controlId !== '' && !controlIds.has(action.controlId)) {
    throw invalid(`${field}.control_id`, `the state lists no control ${JSON.stringify(action.controlId)}`);
  }
  if (action.function === '') return;
  const spec = functionCatalog.get(action.function);
  if (spec === undefined) throw invalid(`${field}.function`, `${JSON.stringify(action.function)} is unknown`);
  for (const name of Object.keys(action.args)) {
    if (spec.args.some((arg) => arg.name === name)) continue;
    throw invalid(`${field}.args`, `${spec.name} has no argument ${JSON.stringify(name)}`);
  }
}
