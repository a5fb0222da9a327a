/** A small world around an engine: carries out operations on it, and knows how each request may end. */
import assert from 'node:assert/strict';
import { Engine, type EngineEvent } from '../../src/runtime/engine/engine.ts';
import type { GenerateRequest, GenerateResult } from '../../src/runtime/engine/generate.ts';
import { type ErrorCode, GatewayError } from '../../src/runtime/errors.ts';
import type { Grammar } from '../../src/runtime/grammar/grammar.ts';
import type { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import type { StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { ManualClock } from './engine-builders.ts';
import { aVocabulary } from './engine-grammars.ts';
import type { EngineOperation, EngineWorldConfig } from './engine-operations.ts';
import { answerOf, candidatesAlone, choiceIn, generateAlone, logProbOf } from './engine-oracle.ts';
import { FakeModelRunner, type StepFault } from './fake-model-runner.ts';

/** `excuses`: the errors that the request may end with, for what was done to it. */
type Book = { readonly request: GenerateRequest; readonly excuses: Set<ErrorCode>; choices: number; ends: number };

export class EnginePropertyWorld {
  /** What happened, for the comparison of two runs. */
  readonly trace: unknown[] = [];
  readonly #engine: Engine;
  readonly #runner: FakeModelRunner;
  readonly #vocabulary: Vocabulary;
  readonly #clock = new ManualClock();
  readonly #books = new Map<number, Book>();
  /** Grammars that are still to come, and after how many steps. */
  #late: readonly { readonly id: number; readonly grammar: Grammar; readonly steps: number }[] = [];
  #nextId = 0;
  #fault: EngineOperation | undefined;
  #failingTransfer: 'save' | 'restore' | 'copy' | undefined;

  constructor({ vocabSize, numSlots, limits, stepMs, ...store }: EngineWorldConfig) {
    this.#vocabulary = aVocabulary(vocabSize);
    this.#runner = new FakeModelRunner({
      vocabSize,
      numSlots,
      onStep: (plan) => {
        this.#clock.nowMs += stepMs;
        return this.#faultIn(plan);
      },
      onTransfer: (kind) => this.#failTransfer(kind),
      promptOf: (id) => this.#books.get(id)?.request.promptTokens,
      mayRepeat: (id) => {
        const { candidates = 1, bestChoice = false } = this.#books.get(id)?.request ?? {};
        return candidates > 1 || bestChoice;
      },
    });
    this.#engine = new Engine({
      runner: this.#runner,
      vocabulary: this.#vocabulary,
      scheduler: limits,
      clock: this.#clock.read,
      ...store,
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
      case 'failingTransfer':
        this.#failingTransfer = operation.kind;
        break;
      case 'advance':
        this.#clock.nowMs += operation.ms;
        break;
      case 'drain':
        this.#engine.setMode('drain');
        break;
    }
    this.#engine.checkIntegrity('blocks');
    const savedBytes = [...this.#runner.blocks].reduce((sum, { numBytes }) => sum + numBytes, 0);
    assert.equal(savedBytes, this.#engine.prefixStoreBytes, 'blocks are alive that the store does not hold');
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
    this.#engine[Symbol.dispose]();
    assert.equal(this.#runner.blocks.size, 0, 'blocks are alive that nobody holds');
  }

  #submit({ request, timeoutMs, supplyAfter }: EngineOperation & { type: 'submit' }): void {
    const id = this.#nextId++;
    const excuses = new Set<ErrorCode>(timeoutMs === undefined ? [] : ['deadline_exceeded']);
    const deadline = timeoutMs === undefined ? {} : { deadlineMs: this.#clock.nowMs + timeoutMs };
    try {
      const { grammar, ...open } = request;
      const submitted = supplyAfter === undefined ? request : open;
      this.#engine.submit(id, { ...submitted, ...deadline }, this.#clock.nowMs);
      if (supplyAfter !== undefined) this.#late = [...this.#late, { id, grammar, steps: supplyAfter }];
      this.#books.set(id, { request, excuses, choices: 0, ends: 0 });
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
    for (const { id, grammar, steps } of this.#late) if (steps === 0) this.#engine.supply(id, grammar);
    this.#late = this.#late.flatMap((late) => (late.steps > 0 ? [{ ...late, steps: late.steps - 1 }] : []));
    const { events } = this.#engine.step();
    for (const event of events) this.#check(event);
    for (const { excuses, ends } of this.#books.values()) {
      assert.ok(!excuses.has('cancelled') || ends > 0, 'a cancelled request is still there after a step');
    }
  }

  #check(event: EngineEvent): void {
    const book = this.#books.get(event.id);
    assert.ok(book !== undefined, `request ${event.id} was refused and ends nevertheless`);
    if (event.type === 'partial') {
      this.#checkChoice(book, event.part);
      this.trace.push([event.id, event.part]);
      return;
    }
    book.ends += 1;
    if (event.type === 'failed') {
      const { code, message } = event.error;
      assert.ok(book.excuses.has(code), `request ${event.id} ends with ${code}: ${message}`);
      this.trace.push([event.id, code]);
    } else {
      this.#checkAnswer(book.request, event.result);
      const isTold = this.#choiceOf(book.request) !== undefined;
      assert.equal(book.choices, isTold ? 1 : 0, `request ${event.id} ends with ${book.choices} choices told`);
      this.trace.push([event.id, answerOf(event.result), event.result.candidates]);
    }
  }

  #checkChoice(book: Book, part: Int32Array): void {
    assert.equal(book.ends, 0, 'a choice is told after the end');
    assert.deepEqual(part, this.#choiceOf(book.request));
    book.choices += 1;
  }

  #choiceOf(request: GenerateRequest): Int32Array | undefined {
    if (request.tellsChoice !== true || (request.candidates ?? 1) > 1) return undefined;
    return choiceIn(generateAlone(request, this.#vocabulary).tokens, request, this.#vocabulary);
  }

  #checkAnswer(request: GenerateRequest, result: GenerateResult): void {
    const { candidates, tokens, logProbs } = result;
    assert.deepEqual({ tokens, logProbs }, candidates[0]);
    assert.equal(result.generatedTokens + result.forcedTokens, tokens.length);
    const alone = generateAlone(request, this.#vocabulary);
    if ((request.candidates ?? 1) === 1) {
      assert.deepEqual(answerOf(result), alone);
      assert.equal(candidates.length, 1);
      return;
    }
    const expected = candidatesAlone(request, this.#vocabulary);
    assert.deepEqual(
      candidates.map((candidate) => [...candidate.tokens]),
      expected.map((candidate) => candidate.tokens),
    );
    for (const [i, candidate] of candidates.entries()) {
      assert.ok(Math.abs(logProbOf(candidate) - (expected[i]?.logProb ?? Number.NaN)) < 1e-9);
    }
    const [first] = candidates;
    assert.ok(first !== undefined && logProbOf(first) >= logProbOf(alone) - 1e-9, 'the answer alone is more probable');
  }

  #failTransfer(kind: 'save' | 'restore' | 'copy'): void {
    if (this.#failingTransfer !== kind) return;
    this.#failingTransfer = undefined;
    // A failing save costs nobody an answer; the others fail the step, whose plan nobody has seen here.
    if (kind !== 'save') for (const { excuses } of this.#books.values()) excuses.add('backend_failed');
    throw new GatewayError('backend_failed', `the ${kind} was told to fail`);
  }

  #faultIn({ entries }: StepPlan): StepFault | undefined {
    if (this.#fault?.type !== 'failingStep') return undefined;
    const { nan } = this.#fault;
    const spoilt = nan === undefined ? entries : entries.slice(nan % entries.length).slice(0, 1);
    for (const { sequenceId } of spoilt) this.#books.get(sequenceId)?.excuses.add('backend_failed');
    return nan === undefined ? { type: 'throw' } : { type: 'nan', sequenceId: spoilt[0]?.sequenceId ?? -1 };
  }
}
