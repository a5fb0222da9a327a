/** Owns the judgement whether the backend works, from its last real steps. */
import type { GatewayError } from '../errors.ts';

/** One failing step may be the fault of what was in it; several in a row, with nothing good between them, are not. */
const MAX_FAILURES_IN_A_ROW = 3;

export class StepHealth {
  #failuresInARow = 0;
  #lastError = '';

  /** Undefined while healthy. One good step makes it healthy again. */
  get unhealthyReason(): string | undefined {
    if (this.#failuresInARow < MAX_FAILURES_IN_A_ROW) return undefined;
    return `the last ${this.#failuresInARow} steps failed: ${this.#lastError}`;
  }

  recordSuccess(): void {
    this.#failuresInARow = 0;
  }

  recordFailure(error: GatewayError): void {
    this.#failuresInARow += 1;
    this.#lastError = error.message;
  }
}
