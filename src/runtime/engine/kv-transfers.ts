/** Moves KV between slots and prefix store, as the scheduler's data says. The only place that copies any. */
import type { PrefixStore } from '../kv/prefix-store.ts';
import type { KvSave, ScheduledStep } from '../scheduler/step-plan.ts';
import type { ModelRunner } from './model-runner.ts';

export class KvTransfers {
  readonly #runner: ModelRunner;
  readonly #store: PrefixStore | undefined;

  constructor(runner: ModelRunner, store: PrefixStore | undefined) {
    this.#runner = runner;
    this.#store = store;
  }

  /** Puts KV of slots into the store. Throws what the runner throws; what was saved until then stays. */
  save(saves: readonly KvSave[]): void {
    for (const { slot, tokens } of saves) {
      this.#store?.save(tokens, (start, numTokens) => this.#runner.saveKv(slot, start, numTokens));
    }
  }

  /** Does a little of what would hold up a later save; false if there is nothing to do. Throws what the runner throws. */
  prepare(): boolean {
    return this.#store?.isGrowing === true && this.#runner.prepareSave(this.#store.blockTokens);
  }

  /** Puts KV where the plan expects it. Throws what the runner throws; the matches are disposed of in any case. */
  fill({ restores, copies }: ScheduledStep): void {
    try {
      for (const { slot, match } of restores) {
        let start = 0;
        for (const block of match.blocks) {
          this.#runner.restoreKv(slot, start, block);
          start += block.numTokens;
        }
      }
      for (const { from, to, numTokens } of copies) this.#runner.copyKv(from, to, numTokens);
    } finally {
      for (const { match } of restores) match[Symbol.dispose]();
    }
  }
}
