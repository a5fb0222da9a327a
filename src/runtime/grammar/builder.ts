/** Makes choice nodes out of what may come next. */
import type { ChoiceField } from '../types.ts';
import type { ChoiceNode, NodeIndex } from './grammar.ts';

/** One way to go on: these tokens, then that node. */
export type Head = { readonly tokens: readonly number[] | Int32Array; readonly next: NodeIndex };

export function choiceNode(field: ChoiceField, heads: readonly Head[]): ChoiceNode {
  const offsets = new Int32Array(heads.length + 1);
  const next = new Int32Array(heads.length);
  heads.forEach((head, i) => {
    offsets[i + 1] = (offsets[i] as number) + head.tokens.length;
    next[i] = head.next;
  });
  const tokens = new Int32Array(offsets[heads.length] as number);
  heads.forEach((head, i) => {
    tokens.set(head.tokens, offsets[i]);
  });
  return { type: 'choice', field, tokens, offsets, next };
}
