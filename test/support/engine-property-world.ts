/** A small world around an engine: carries out operations on it, and knows how each request may end. */
import assert from 'node:assert/strict';
import { Engine, type EngineEvent } from '../../src/runtime/engine/engine.ts';
import type { GenerateRequest } from '../../src/runtime/engine/generate.ts';
import { type ErrorCode, GatewayError } from '../../src/runtime/errors.ts';
import type { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import type { StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { ManualClock } from './engine-builders.ts';
import { aVocabulary } from './engine-grammars.ts';
import type { EngineOperation, EngineWorldConfig } from './engine-operations.ts';
import { answerOf, generateAlone } from './engine-oracle.ts';
import { FakeModelRunner, type StepFault } from './fake-model-runner.ts';

/** `excuses`: the errors that the request may end with, for what was done to it. */
type Book = { readonly request: GenerateRequest; readonly excuses: Set<ErrorCode>; ends: number };

export class EnginePropertyWorld {
  /** What happened, for the comparison of two runs. */
  readonly trace: unknown[] = [];
  readonly #engine: Engine;
  readonly #vocabulary: Vocabulary;
  readonly #clock = new ManualClock();
  readonly #books = new Map<number, Book>();
  #nextId = 0;
  #fault: EngineOperation | undefined;

  constructor({ vocabSize, numSlots, limits }: EngineWorldConfig) {
    this.#vocabulary = aVocabulary(vocabSize);
    this.#engine = new Engine({
      runner: new FakeModelRunner({ vocabSize, numSlots, onStep: (plan) => this.#faultIn(plan) }),
      vocabulary: this.#vocabulary,
      scheduler: limits,
      clock: this.#clock.read,
    });
  }

  apply(operation: EngineOperation): void {
    switch (operation.type) {
      case 'submit':
        this.#submit(operation);
        break;
      case 'cancel':
        this.#cancel(operation.index);
        break;
      case 'step':
        this.#step();
        break;
      case 'failingStep':
        this.#fault = operation;
        this.#step();
        this.#fault = undefined;
        break;
      case 'advance':
        this.#clock.nowMs += operation.ms;
        break;
      case 'drain':
        this.#engine.setMode('drain');
        break;
    }
    this.#engine.checkIntegrity();
  }

  /** Steps until nothing is left to do, which must come soon, and checks that every request got its end. */
  finish(): void {
    for (let steps = 0; this.#engine.hasWork; steps++) {
      assert.ok(steps < 2_000, 'the engine does not come to an end');
      this.apply({ type: 'step' });
    }
    for (const [id, { ends }] of this.#books) assert.equal(ends, 1, `request ${id} has ${ends} ends`);
    assert.equal(this.#engine.activeRequests, 0);
    assert.equal(this.#engine.slotsInUse, 0);
  }

  #submit({ request, timeoutMs }: EngineOperation & { type: 'submit' }): void {
    const id = this.#nextId++;
    const excuses = new Set<ErrorCode>(timeoutMs === undefined ? [] : ['deadline_exceeded']);
    const deadline = timeoutMs === undefined ? {} : { deadlineMs: this.#clock.nowMs + timeoutMs };
    try {
      this.#engine.submit(id, { ...request, ...deadline }, this.#clock.nowMs);
      this.#books.set(id, { request, excuses, ends: 0 });
    } catch (error) {
      assert.ok(error instanceof GatewayError && ['overloaded', 'unavailable'].includes(error.code), String(error));
      this.trace.push([id, error.code]);
    }
  }

  #cancel(index: number): void {
    if (this.#nextId === 0) return;
    const id = index % this.#nextId;
    this.#engine.cancel(id);
    this.#books.get(id)?.excuses.add('cancelled');
  }

  #step(): void {
    const { events } = this.#engine.step();
    for (const event of events) this.#check(event);
    for (const { excuses, ends } of this.#books.values()) {
      assert.ok(!excuses.has('cancelled') || ends > 0, 'a cancelled request is still there after a step');
    }
  }

  #check(event: EngineEvent): void {
    const book = this.#books.get(event.id);
    assert.ok(book !== undefined, `request ${event.id} was refused and ends nevertheless`);
    book.ends += 1;
    if (event.type === 'failed') {
      const { code, message } = event.error;
      assert.ok(book.excuses.has(code), `request ${event.id} ends with ${code}: ${message}`);
      this.trace.push([event.id, code]);
    } else {
      const answer = answerOf(event.result);
      assert.deepEqual(answer, generateAlone(book.request, this.#vocabulary));
      this.trace.push([event.id, answer]);
    }
  }

  #faultIn({ entries }: StepPlan): StepFault | undefined {
    if (this.#fault?.type !== 'failingStep') return undefined;
    const { nan } = this.#fault;
    const spoilt = nan === undefined ? entries : entries.slice(nan % entries.length).slice(0, 1);
    for (const { sequenceId } of spoilt) this.#books.get(sequenceId)?.excuses.add('backend_failed');
    return nan === undefined ? { type: 'throw' } : { type: 'nan', sequenceId: spoilt[0]?.sequenceId ?? -1 };
  }
}
