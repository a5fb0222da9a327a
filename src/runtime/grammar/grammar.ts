/** The answer grammar as plain data: built per request on the main thread, walked by the matcher in the engine thread. */
import type { ChoiceField } from '../types.ts';

/** Index into {@link Grammar.nodes}. */
export type NodeIndex = number;

/**
 * Exactly one of several token sequences, each leading on to its own next node. The sequences are the canonical
 * tokenization of whole segments, so what is forced, what is generated and what was trained on are the same tokens.
 * No alternative is a proper prefix of another and none is empty (the builder sees to that: segments end in a
 * special token). Two alternatives may be equal only if they lead to the same node.
 */
export type ChoiceNode = {
  readonly type: 'choice';
  readonly field: ChoiceField;
  /** All sequences, one after another. */
  readonly tokens: Int32Array;
  /** `offsets[i]..offsets[i + 1]` is alternative i in `tokens`; length is the number of alternatives + 1. */
  readonly offsets: Int32Array;
  /** Node that follows alternative i. */
  readonly next: Int32Array;
};

/**
 * Free text of the model's making: valid UTF-8 without control characters (U+0000..U+001F, U+007F), between `minBytes`
 * and `maxBytes` long, by any tokens of the vocabulary's ordinary (not special) part. Ends when `next` begins, and
 * `next` is a choice node whose alternatives all begin with special tokens, which no text can contain.
 */
export type TextNode = {
  readonly type: 'text';
  readonly field: ChoiceField;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly next: NodeIndex;
};

/**
 * A decimal number in plain notation, no superfluous leading zeros, `-` only if `min < 0`, at most `maxDecimals`
 * digits after the point (0: an integer, no point); its value lies in [min, max]. Ends as a text node does.
 */
export type NumberNode = {
  readonly type: 'number';
  readonly field: ChoiceField;
  readonly min: number;
  readonly max: number;
  readonly maxDecimals: number;
  readonly next: NodeIndex;
};

export type EndNode = { readonly type: 'end' };

export type GrammarNode = ChoiceNode | TextNode | NumberNode | EndNode;

/** Structured-cloneable. Acyclic, so the longest answer is known before decoding begins. */
export type Grammar = {
  readonly nodes: readonly GrammarNode[];
  readonly start: NodeIndex;
  /** Most tokens that any answer of this grammar can have, counting one token per byte of free text. */
  readonly maxTokens: number;
};
