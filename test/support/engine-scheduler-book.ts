/** What a small world knows of a sequence: what it will decide, what was done to it, and how it may end therefore. */
import assert from 'node:assert/strict';
import { GatewayError } from '../../src/runtime/errors.ts';
import type { EntryResult, SequenceEvent } from '../../src/runtime/scheduler/scheduler.ts';
import { Sequence } from '../../src/runtime/scheduler/sequence.ts';

/** A decision: keeps up to `keep` tokens of the answer, adds `grow` (1 or more), and has other answers beside it. */
export type Turn = { readonly keep: number; readonly grow: number; readonly alternatives: number };

export type SequencePlan = {
  readonly prompt: readonly number[];
  /** After the last one the sequence is complete. */
  readonly turns: readonly Turn[];
  /** An answer is only added to, and has no others beside it. */
  readonly isSingle: boolean;
  readonly priority: number;
  readonly timeoutMs: number | undefined;
};

type BookOptions = SequencePlan & { readonly id: number; readonly now: number };

export class SequenceBook {
  readonly sequence: Sequence;
  readonly prompt: Int32Array;
  readonly isSingle: boolean;
  /** Tokens that it needs at most, however often an answer replaces another. */
  readonly mostTokens: number;
  readonly ends: string[] = [];
  isAborted = false;
  isSpoilt = false;
  readonly #turns: Turn[];
  #isComplete = false;
  #answer: readonly number[] = [];

  constructor({ id, prompt, turns, isSingle, priority, timeoutMs, now }: BookOptions) {
    const maxNewTokens = turns.reduce((sum, { grow }) => sum + grow, 0);
    this.isSingle = isSingle;
    this.prompt = Int32Array.from(prompt);
    this.mostTokens = prompt.length + (isSingle ? maxNewTokens : turns.length * maxNewTokens);
    this.#turns = [...turns];
    this.sequence = new Sequence({
      id,
      tokens: this.prompt,
      maxNewTokens,
      priority,
      queuedMs: now,
      ...(timeoutMs !== undefined && { deadlineMs: now + timeoutMs }),
    });
  }

  /** What is decided after everything that is known was computed. */
  decide(): EntryResult {
    const turn = this.#turns.shift();
    if (turn === undefined) {
      this.#isComplete = true;
      return { type: 'completed' };
    }
    const { keep, grow, alternatives } = turn;
    const added = Array.from({ length: grow }, (_, i) => (keep + i) % 2);
    if (this.isSingle) return { type: 'appended', tokens: Int32Array.from(added) };
    const answer = [...this.#answer.slice(0, keep), ...added];
    this.#answer = answer;
    return {
      type: 'replaced',
      answer: Int32Array.from(answer),
      // They part from the answer at its last token, at the one before, and so on.
      alternatives: Array.from({ length: alternatives }, (_, i) => {
        const common = Math.max(0, answer.length - 1 - i);
        return Int32Array.from([...answer.slice(0, common), 1 - (answer[common] ?? 0)]);
      }),
    };
  }

  /** Fails unless this is its first end, and one that something led to. */
  end(event: SequenceEvent): void {
    const end = event.type === 'failed' ? event.error.code : event.type;
    const { id, deadlineMs } = this.sequence;
    this.ends.push(end);
    assert.equal(this.ends.length, 1, `sequence ${id} has the ends ${this.ends.join(', ')}`);
    const isPossible: Record<string, boolean> = {
      completed: this.#isComplete && !this.isAborted,
      cancelled: this.isAborted,
      backend_failed: this.isSpoilt,
      deadline_exceeded: deadlineMs < Number.POSITIVE_INFINITY,
    };
    assert.ok(isPossible[end], `sequence ${id} ends with ${end}`);
  }
}

export const TOLD_TO_FAIL: EntryResult = { type: 'failed', error: new GatewayError('backend_failed', 'told to') };
