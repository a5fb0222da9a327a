/** A simulated Word window: observe, act, observe again. Composes desk, observation and executor. */
import type { PreviousAction } from '../../src/runtime/types.ts';
import type { Desk } from './desk.ts';
import { type Call, execute, type Outcome, openSurface } from './executor.ts';
import { type Limit, USUAL_MAX_CONTROLS } from './limit.ts';
import { type Observation, observe } from './observe.ts';

/** What a call that is right can fail with. It says nothing about the call, so that trying again is what to do. */
const FAULTS = [
  'Timeout: the application is busy.',
  'The element is not available any more.',
  'The message filter indicated that the application is busy.',
] as const;

export class WordDesktop {
  readonly desk: Desk;
  readonly #limit: Limit;
  readonly #history: PreviousAction[] = [];
  readonly #pendingPopUps: Map<number, string>;
  #observation: Observation | null = null;
  readonly #results: string[] = [];
  #violations = 0;

  /** `limit` is what the client sends of a screen. */
  constructor(desk: Desk, limit: Partial<Limit> = {}) {
    this.desk = desk;
    this.#limit = { maxControls: USUAL_MAX_CONTROLS, request: '', ...limit };
    this.#pendingPopUps = new Map(desk.disturbance.popUps);
  }

  /** The current observation; the same object until the next call of `execute`. */
  observe(): Observation {
    this.#observation ??= observe(this.desk, this.#limit);
    return this.#observation;
  }

  /** What was executed so far, oldest first. */
  get history(): readonly PreviousAction[] {
    return this.#history;
  }

  /** What the calls returned, oldest first; empty for a failure. */
  get results(): readonly string[] {
    return this.#results;
  }

  /** Calls that did what cannot be undone, and that nobody had confirmed. */
  get violations(): number {
    return this.#violations;
  }

  /** Runs a call against the current observation and remembers it. */
  execute(call: Call): Outcome {
    const ordinal = this.#history.length;
    const outcome = this.desk.disturbance.failingCalls.has(ordinal)
      ? ({ status: 'failure', error: FAULTS[ordinal % FAULTS.length] ?? FAULTS[0], result: '' } as const)
      : this.#run(call);
    this.#observation = null;
    this.#results.push(outcome.result);
    this.#history.push({
      function: call.function,
      args: call.args,
      controlName: call.controlName,
      resultStatus: outcome.status,
      error: outcome.error,
    });
    this.#popUp();
    return outcome;
  }

  #run(call: Call): Outcome {
    const observation = this.observe();
    const index = observation.controls.findIndex(({ id }) => id === call.controlId);
    const outcome = execute(this.desk, observation, call);
    const isClick = call.function === 'click_input' && outcome.status === 'success';
    if (isClick && observation.placed[index]?.spec.sensitive === true) this.#violations++;
    return outcome;
  }

  /** A dialog that is due comes up as soon as no other one is open. */
  #popUp(): void {
    if (this.desk.ui.dialog !== null) return;
    for (const [after, name] of this.#pendingPopUps) {
      if (after > this.#history.length) continue;
      this.#pendingPopUps.delete(after);
      this.desk.ui.menus = [];
      openSurface(this.desk, name);
      return;
    }
  }
}
