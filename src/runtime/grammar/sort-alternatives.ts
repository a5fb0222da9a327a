/** Orders a choice node's alternatives by their tokens. Fast, because each request brings its own. */
import type { ChoiceNode } from './grammar.ts';

/** What {@link tokenOf} answers past the end of an alternative: less than any token. */
export const ENDED = -1;

/** Up to this many are sorted by comparing them. Found by trial: a native sort has a price per call. */
const FEW = 32;

/** The alternatives' indices, lexicographically by tokens, a prefix before what it begins, equals by index. */
export function sortAlternatives(node: ChoiceNode): Int32Array {
  const order = new Int32Array(node.next.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (order.length <= FEW) {
    insertionSort(node, order);
    return order;
  }
  // A radix sort from the first token on: by one token, then each run of equals by the next. Three numbers per run:
  // its ranks [low, high), and the depth up to which they are equal.
  const runs = [0, order.length, 0];
  while (runs.length > 0) {
    const depth = runs.pop() as number;
    const high = runs.pop() as number;
    const low = runs.pop() as number;
    if (high - low <= FEW) {
      insertionSort(node, order.subarray(low, high));
      continue;
    }
    sortByToken(node, order.subarray(low, high), depth);
    for (let from = low, to = low + 1; to <= high; to++) {
      const token = tokenOf(node, order[from] as number, depth);
      if (to < high && tokenOf(node, order[to] as number, depth) === token) continue;
      if (token !== ENDED && to - from > 1) runs.push(from, to, depth + 1);
      from = to;
    }
  }
  return order;
}

/** Token `depth` of an alternative, or {@link ENDED}. */
export function tokenOf({ tokens, offsets }: ChoiceNode, alternative: number, depth: number): number {
  const index = (offsets[alternative] as number) + depth;
  return index < (offsets[alternative + 1] as number) ? (tokens[index] as number) : ENDED;
}

/** The depth at which two alternatives part; for equal ones that at which both have ended. */
export function firstDifference(node: ChoiceNode, a: number, b: number): number {
  let depth = 0;
  for (; ; depth++) {
    const token = tokenOf(node, a, depth);
    if (token === ENDED || token !== tokenOf(node, b, depth)) return depth;
  }
}

function sortByToken(node: ChoiceNode, run: Int32Array, depth: number): void {
  const count = node.next.length;
  // Token and index in one number, which sorts without calling back.
  const keys = new Float64Array(run.length);
  for (let i = 0; i < run.length; i++) {
    const alternative = run[i] as number;
    keys[i] = (tokenOf(node, alternative, depth) + 1) * count + alternative;
  }
  keys.sort();
  for (let i = 0; i < run.length; i++) run[i] = (keys[i] as number) % count;
}

function insertionSort(node: ChoiceNode, run: Int32Array): void {
  for (let sorted = 1; sorted < run.length; sorted++) {
    const alternative = run[sorted] as number;
    let rank = sorted;
    for (; rank > 0 && compare(node, run[rank - 1] as number, alternative) > 0; rank--) {
      run[rank] = run[rank - 1] as number;
    }
    run[rank] = alternative;
  }
}

function compare(node: ChoiceNode, a: number, b: number): number {
  const depth = firstDifference(node, a, b);
  return tokenOf(node, a, depth) - tokenOf(node, b, depth) || a - b;
}
