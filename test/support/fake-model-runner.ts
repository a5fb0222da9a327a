/** A ModelRunner without a model: a deterministic language, and a shadow of the KV slots that catches every wrong plan. */
import assert from 'node:assert/strict';
import type { ModelRunner } from '../../src/runtime/engine/model-runner.ts';
import { GatewayError } from '../../src/runtime/errors.ts';
import type { KvBlock } from '../../src/runtime/kv/kv-block.ts';
import type { StepEntry, StepOutput, StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { hashPrefix, writeLogits } from './fake-language.ts';
import { ShadowBlock } from './shadow-block.ts';
import { ShadowKv } from './shadow-kv.ts';

/** What goes wrong in a step: the whole of it, or the logits of one of its sequences. */
export type StepFault = { readonly type: 'throw' } | { readonly type: 'nan'; readonly sequenceId: number };

export type FakeRunnerOptions = {
  /** Default 4. */
  readonly vocabSize?: number;
  /** Default 2. */
  readonly numSlots?: number;
  /** Default 64. */
  readonly maxLength?: number;
  /** Asked before each step, which are counted from 0; may throw itself, or block. */
  readonly onStep?: (plan: StepPlan, index: number) => StepFault | undefined;
  /** Asked before KV is saved, restored or copied; may throw. */
  readonly onTransfer?: (kind: 'save' | 'restore' | 'copy') => void;
  /** Whether there is something to get ready for a save of as many positions; may throw. Default: there never is. */
  readonly onPrepare?: (numTokens: number) => boolean;
  /** The prompt of a sequence: KV that it builds on is then compared with it. Default: unknown. */
  readonly promptOf?: (sequenceId: number) => Int32Array | undefined;
  /** Whether a sequence may compute a position again, as one does that tries several answers. Default: none may. */
  readonly mayRepeat?: (sequenceId: number) => boolean;
};

/** KV of a position, as far as anybody asks. */
const BYTES_PER_TOKEN = 10;

export class FakeModelRunner implements ModelRunner {
  readonly vocabSize: number;
  readonly numSlots: number;
  readonly maxLength: number;
  readonly kvBytesPerToken = BYTES_PER_TOKEN;
  /** Every plan that was run, in order. */
  readonly plans: StepPlan[] = [];
  /** Every block that was saved and not yet disposed of. */
  readonly blocks = new Set<KvBlock>();
  /** Tokens saved, restored and copied so far. */
  readonly moved = { save: 0, restore: 0, copy: 0 };
  isDisposed = false;

  readonly #options: FakeRunnerOptions;
  readonly #kv: ShadowKv;
  /** [entries, vocab]; reused by every step, as the real one's is. */
  readonly #logits: Float32Array;

  constructor(options: FakeRunnerOptions = {}) {
    this.vocabSize = options.vocabSize ?? 4;
    this.numSlots = options.numSlots ?? 2;
    this.maxLength = options.maxLength ?? 64;
    this.#options = options;
    this.#kv = new ShadowKv(this.numSlots, this.maxLength);
    this.#logits = new Float32Array(this.numSlots * this.vocabSize);
  }

  run(plan: StepPlan): StepOutput {
    assert.ok(!this.isDisposed, 'a disposed runner is used');
    this.#checkPlan(plan);
    const fault = this.#options.onStep?.(plan, this.plans.length);
    this.plans.push(plan);
    if (fault?.type === 'throw') {
      for (const { slot } of plan.entries) this.#kv.poison(slot);
      throw new GatewayError('backend_failed', 'the step was told to fail');
    }
    // Rows of the step before are views of the same memory: a caller that still reads them shall notice.
    this.#logits.fill(Number.NaN);
    return { logits: plan.entries.map((entry, i) => this.#compute(entry, i, fault)) };
  }

  #compute(entry: StepEntry, row: number, fault: StepFault | undefined): Float32Array | undefined {
    this.#checkPrompt(entry);
    const hash = this.#kv.write(entry, this.#options.mayRepeat?.(entry.sequenceId) ?? false);
    if (!entry.wantsLogits) return undefined;
    const logits = this.#logits.subarray(row * this.vocabSize, (row + 1) * this.vocabSize);
    if (fault?.type !== 'nan' || fault.sequenceId !== entry.sequenceId) writeLogits(hash, logits);
    return logits;
  }

  prepareSave(numTokens: number): boolean {
    assert.ok(!this.isDisposed, 'a disposed runner is used');
    return this.#options.onPrepare?.(numTokens) ?? false;
  }

  saveKv(slot: number, start: number, numTokens: number): KvBlock {
    this.#beginTransfer('save', [slot], numTokens);
    const hashes = this.#kv.read(slot, start, numTokens);
    const previous = this.#kv.hashBefore(slot, start);
    return new ShadowBlock({ start, previous, hashes, bytesPerToken: BYTES_PER_TOKEN, alive: this.blocks });
  }

  restoreKv(slot: number, start: number, block: KvBlock): void {
    this.#beginTransfer('restore', [slot], block.numTokens);
    assert.ok(block instanceof ShadowBlock && this.blocks.has(block), 'a block that is not alive is restored');
    assert.equal(start, block.start, 'a block is restored at another position');
    this.#kv.fill(slot, block);
  }

  copyKv(from: number, to: number, numTokens: number): void {
    this.#beginTransfer('copy', [from, to], numTokens);
    assert.notEqual(from, to, `slot ${from} is copied to itself`);
    this.#kv.fill(to, { start: 0, previous: this.#kv.hashBefore(from, 0), hashes: this.#kv.read(from, 0, numTokens) });
  }

  #beginTransfer(kind: 'save' | 'restore' | 'copy', slots: readonly number[], numTokens: number): void {
    assert.ok(!this.isDisposed, 'a disposed runner is used');
    for (const slot of slots) assert.ok(slot >= 0 && slot < this.numSlots, `slot ${slot} does not exist`);
    this.#options.onTransfer?.(kind);
    this.moved[kind] += numTokens;
  }

  /** KV that came from another sequence must be of the same tokens. */
  #checkPrompt({ sequenceId, slot, start }: StepEntry): void {
    const prompt = this.#options.promptOf?.(sequenceId);
    if (prompt === undefined || start > prompt.length) return;
    const expected = hashPrefix(prompt.subarray(0, start));
    assert.equal(this.#kv.hashBefore(slot, start), expected, `sequence ${sequenceId} builds on KV of another prompt`);
  }

  #checkPlan({ entries, numTokens }: StepPlan): void {
    assert.ok(entries.length > 0, 'an empty plan is run');
    const keys = {
      slot: entries.map(({ slot }) => slot),
      sequence: entries.map(({ sequenceId, branch = 0 }) => `${sequenceId}/${branch}`),
    };
    for (const [key, values] of Object.entries(keys)) {
      assert.equal(new Set<unknown>(values).size, values.length, `a ${key} is twice in a plan: ${values.join(', ')}`);
    }
    for (const { sequenceId, slot, tokens } of entries) {
      assert.ok(slot >= 0 && slot < this.numSlots, `sequence ${sequenceId} uses slot ${slot}, which does not exist`);
      assert.ok(tokens.length > 0, `sequence ${sequenceId} is planned without tokens`);
      for (const token of tokens) assert.ok(token >= 0 && token < this.vocabSize, `token ${token} does not exist`);
    }
    const sum = entries.reduce((total, { tokens }) => total + tokens.length, 0);
    assert.equal(numTokens, sum, 'numTokens is not the sum over the entries');
  }

  [Symbol.dispose](): void {
    this.isDisposed = true;
  }
}
