/** Owns the account of what loaded models take, and refuses what would exceed the ceiling. */
import { GatewayError } from '../errors.ts';
import type { MemoryBudget, ModelMemory } from '../runtime.ts';
import { compareModels } from './repository.ts';

const MEBIBYTE = 2 ** 20;

export class MemoryLedger {
  readonly #maxBytes: number;
  readonly #models = new Set<ModelMemory>();

  /** `maxBytes`: 0 for no ceiling. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Disposing of it gives the memory back. Throws `failed_precondition` if there is not enough. */
  reserve(model: ModelMemory): Disposable {
    const { totalBytes } = this.budget();
    if (this.#maxBytes > 0 && totalBytes + model.totalBytes > this.#maxBytes) {
      const needs = `model ${model.name}:${model.version} needs ${mebibytes(model.totalBytes)}`;
      const taken = `${mebibytes(totalBytes)} of ${mebibytes(this.#maxBytes)} are taken`;
      throw new GatewayError('failed_precondition', `${needs}; ${taken}`);
    }
    this.#models.add(model);
    return { [Symbol.dispose]: () => void this.#models.delete(model) };
  }

  /** By name and version: models are loaded side by side, and no list should depend on which one was quicker. */
  budget(): MemoryBudget {
    const models = [...this.#models].sort(compareModels);
    const totalBytes = models.reduce((sum, model) => sum + model.totalBytes, 0);
    return { maxBytes: this.#maxBytes, totalBytes, models };
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MEBIBYTE)} MiB`;
}
