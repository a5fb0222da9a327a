/** The answer grammar as plain data: built per request on the main thread, walked by the matcher in the engine thread. */
import type { ChoiceField } from '../types.ts';

/** Index into {@link Grammar.nodes}. */
export type NodeIndex = number;

/**
 * Exactly one of several token sequences, each leading on to its own next node. The sequences are the canonical
 * tokenization of whole segments, so what is forced, what is generated and what was trained on are the same tokens.
 * No alternative is a proper prefix of another and none is empty (the builder sees to that: each ends in something that
 * none contains, such as a special token). Two alternatives may be equal only if they lead to the same node.
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
 * How a text is written. plain: as it is. json: as the inside of a JSON string, so with `\"`, `\\`, `\n` and `\t` for
 * quotation marks, backslashes, line feeds and tabs, and with no other escapes, so that a text is written in one way only.
 */
export type TextNotation = 'plain' | 'json';

/**
 * Free text of the model's making: valid UTF-8 without control characters (U+0000..U+001F, U+007F), between `minBytes`
 * and `maxBytes` long as written, by any tokens of the vocabulary's ordinary (not special) part that lie within it. Ends
 * when `next` begins. `next` is a choice node, and no text can be taken for the beginning of one of its alternatives:
 * each begins with a special token, or with an ordinary one whose first byte never stands between two characters of a text,
 * that is a control character or, in JSON, the quotation mark that ends the string.
 */
export type TextNode = {
  readonly type: 'text';
  readonly field: ChoiceField;
  /** Absent: plain. */
  readonly notation?: TextNotation;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly next: NodeIndex;
};

/**
 * A decimal number in plain notation, no superfluous leading zeros, `-` only if `min < 0`, at most `maxDecimals`
 * digits after the point (0: an integer, no point); its value lies in [min, max]. Ends as a text node does, so before a
 * special token or any byte that is no part of a number.
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

/**
 * Structured-cloneable. Acyclic, so the longest answer is known before decoding begins: a list of up to n items is n items
 * in a row, each of which may be the last (`addList`). An item costs two small nodes.
 */
export type Grammar = {
  readonly nodes: readonly GrammarNode[];
  readonly start: NodeIndex;
  /** Most tokens that any answer of this grammar can have, counting one token per byte of free text. */
  readonly maxTokens: number;
};
