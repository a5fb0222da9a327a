/** How long an answer can become: known before decoding begins, because grammars have no cycles. */
import { InvariantError } from '../errors.ts';
import { decimalRange, longestNumber } from './decimal-range.ts';
import type { ChoiceNode, GrammarNode, NodeIndex } from './grammar.ts';

const UNSEEN = 0;
const OPEN = 1;
const DONE = 2;

/** Most tokens that any answer from `start` on can have, one per byte of text. Throws `InvariantError` on a cycle. */
export function computeMaxTokens(nodes: readonly GrammarNode[], start: NodeIndex): number {
  const longest = new Float64Array(nodes.length);
  const mark = new Uint8Array(nodes.length);
  // Depth first without recursion: a node is measured when it comes up again after all that it leads to.
  const stack = [start];
  for (let index = stack.at(-1); index !== undefined; index = stack.at(-1)) {
    const node = nodes[index];
    if (node === undefined) throw new InvariantError(`node ${index} does not exist`);
    if (mark[index] === UNSEEN) {
      mark[index] = OPEN;
      for (const next of successors(node)) {
        if (mark[next] === OPEN) throw new InvariantError(`node ${next} leads back to itself`);
        if (mark[next] !== DONE) stack.push(next);
      }
      continue;
    }
    if (mark[index] === OPEN) {
      mark[index] = DONE;
      longest[index] = longestFrom(node, longest);
    }
    stack.pop();
  }
  return longest[start] as number;
}

function successors(node: GrammarNode): Iterable<NodeIndex> {
  switch (node.type) {
    case 'choice':
      return node.next;
    case 'text':
    case 'number':
      return [node.next];
    case 'end':
      return [];
  }
}

function longestFrom(node: GrammarNode, longest: Float64Array): number {
  switch (node.type) {
    case 'choice':
      return longestAlternative(node, longest);
    case 'text':
      return node.maxBytes + (longest[node.next] as number);
    case 'number':
      return longestNumber(decimalRange(node)) + (longest[node.next] as number);
    case 'end':
      return 0;
  }
}

function longestAlternative({ offsets, next }: ChoiceNode, longest: Float64Array): number {
  let most = 0;
  for (let i = 0; i < next.length; i++) {
    const length = (offsets[i + 1] as number) - (offsets[i] as number);
    most = Math.max(most, length + (longest[next[i] as number] as number));
  }
  return most;
}
