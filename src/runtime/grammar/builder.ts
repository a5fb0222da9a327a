/** Makes nodes out of what may come next. */
import { invariant } from '../errors.ts';
import type { ChoiceField } from '../types.ts';
import type { ChoiceNode, GrammarNode, NodeIndex, TextNode } from './grammar.ts';

/** One way to go on: these tokens, then that node. */
export type Head = { readonly tokens: readonly number[] | Int32Array; readonly next: NodeIndex };

/** Made many times per request, so by plain loops: a typed array's `set` takes longer for so few tokens. */
export function choiceNode(field: ChoiceField, heads: readonly Head[]): ChoiceNode {
  const offsets = new Int32Array(heads.length + 1);
  const next = new Int32Array(heads.length);
  let numTokens = 0;
  for (let i = 0; i < heads.length; i++) {
    const head = heads[i] as Head;
    next[i] = head.next;
    numTokens += head.tokens.length;
    offsets[i + 1] = numTokens;
  }
  const tokens = new Int32Array(numTokens);
  let end = 0;
  for (const head of heads) for (let i = 0; i < head.tokens.length; i++) tokens[end++] = head.tokens[i] as number;
  return { type: 'choice', field, tokens, offsets, next };
}

export type TextList = {
  /** Each item. */
  readonly text: Omit<TextNode, 'type' | 'next'>;
  /** Between two items. */
  readonly separator: readonly number[] | Int32Array;
  /** What may come after the last item, whichever it is. */
  readonly ends: readonly Head[];
  /** At least 1: whether there are items at all is decided before the list. */
  readonly minItems: number;
  readonly maxItems: number;
};

/**
 * Appends the nodes of `text (separator text)*` and one of `ends`: two for each item there can be. Returns where to enter, at the
 * first item's text. Neither `separator` nor any of `ends` may be a prefix of another; all begin with what ends a text.
 */
export function addList(nodes: GrammarNode[], { text, separator, ends, minItems, maxItems }: TextList): NodeIndex {
  const isRange = Number.isInteger(minItems) && Number.isInteger(maxItems) && 1 <= minItems && minItems <= maxItems;
  invariant(isRange, `a list of ${minItems} to ${maxItems} items`);
  let entry = -1;
  // From the last item to the first, because each leads to the next.
  for (let item = maxItems; item >= 1; item--) {
    const another: Head[] = item < maxItems ? [{ tokens: separator, next: entry }] : [];
    const after = nodes.push(choiceNode(text.field, [...another, ...(item >= minItems ? ends : [])])) - 1;
    entry = nodes.push({ type: 'text', ...text, next: after }) - 1;
  }
  return entry;
}
