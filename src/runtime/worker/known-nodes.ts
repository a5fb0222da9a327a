/**
 * Knows the choices of grammars that have crossed before, so that what is derived from a choice, its order above all, is found once
 * for all requests that have it: those of an episode share nearly all, and all of one application most.
 */
import type { ChoiceNode } from '../grammar/grammar.ts';
import { TwoGenerations } from '../two-generations.ts';

/** Some have a hundred tokens, those of controls a few thousand. */
const MOST_NODES = 512;

type Known = { readonly cells: Int32Array; readonly node: ChoiceNode };

export class KnownNodes {
  /** By a hash of their cells; of two that have the same, the later one is known. */
  readonly #known = new TwoGenerations<number, Known>(MOST_NODES);

  /** The node that `cells` stand for, which `read` makes of them. The same object as before, if there is one. */
  of(cells: Int32Array, read: (cells: Int32Array) => ChoiceNode): ChoiceNode {
    const hash = hashOf(cells);
    const before = this.#known.get(hash);
    if (before !== undefined && isSame(before.cells, cells)) return before.node;
    const known = copy(cells, read);
    this.#known.set(hash, known);
    return known.node;
  }
}

/** A view would keep all of the request that it came with. */
function copy(view: Int32Array, read: (cells: Int32Array) => ChoiceNode): Known {
  const cells = view.slice();
  return { cells, node: read(cells) };
}

/** FNV-1a, by cells instead of bytes. */
function hashOf(cells: Int32Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < cells.length; i++) hash = Math.imul(hash ^ (cells[i] as number), 0x01000193);
  return hash;
}

function isSame(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
