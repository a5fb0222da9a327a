/** A simulated Word window: observe, act, observe again. Composes desk, observation and executor. */
import type { PreviousAction } from '../../src/runtime/types.ts';
import type { Desk } from './desk.ts';
import { type Call, execute, type Outcome } from './executor.ts';
import { type Observation, observe } from './observe.ts';

export class WordDesktop {
  readonly desk: Desk;
  readonly #history: PreviousAction[] = [];
  #observation: Observation | null = null;
  #result = '';

  constructor(desk: Desk) {
    this.desk = desk;
  }

  /** The current observation; the same object until the next call of `execute`. */
  observe(): Observation {
    this.#observation ??= observe(this.desk);
    return this.#observation;
  }

  /** What was executed so far, oldest first. */
  get history(): readonly PreviousAction[] {
    return this.#history;
  }

  /** What the last call returned; empty after a failure. */
  get result(): string {
    return this.#result;
  }

  /** Runs a call against the current observation and remembers it. */
  execute(call: Call): Outcome {
    const outcome = execute(this.desk, this.observe(), call);
    this.#observation = null;
    this.#result = outcome.result;
    this.#history.push({
      function: call.function,
      args: call.args,
      controlName: call.controlName,
      resultStatus: outcome.status,
      error: outcome.error,
    });
    return outcome;
  }
}
