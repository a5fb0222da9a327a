/** Owns the function grammars that a dialect has built: all steps of an episode share one. */
import { LRUCache } from 'lru-cache';

/** `O`: what a grammar follows from, as plain data; `G`: the grammar. */
export class FunctionGrammars<O, G extends object> {
  readonly #kept: LRUCache<string, G>;
  readonly #build: (options: O) => G;

  /** At most `max` are kept. */
  constructor(max: number, build: (options: O) => G) {
    this.#kept = new LRUCache({ max });
    this.#build = build;
  }

  of(options: O): G {
    const key = JSON.stringify(options);
    let grammar = this.#kept.get(key);
    if (grammar === undefined) {
      grammar = this.#build(options);
      this.#kept.set(key, grammar);
    }
    return grammar;
  }
}
