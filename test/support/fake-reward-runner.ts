/** A reward model without a model: a row's reward is a function of its tokens alone. Keeps what it was asked. */
import type { RewardRunner } from '../../src/runtime/reward/reward-runner.ts';

export class FakeRewardRunner implements RewardRunner {
  readonly vocabSize = 100;
  readonly maxLength = 50;
  /** The batches so far. */
  readonly batches: (readonly Int32Array[])[] = [];
  /** Called before each batch; may throw. */
  onRun: (batch: readonly Int32Array[]) => void = () => undefined;

  run(batch: readonly Int32Array[]): Float32Array {
    this.onRun(batch);
    this.batches.push(batch);
    return Float32Array.from(batch, rewardOf);
  }

  [Symbol.dispose](): void {}
}

/** What the fake says of a row; not a number for one that begins with token 99. */
export function rewardOf(row: Int32Array): number {
  return row[0] === 99 ? Number.NaN : row.reduce((sum, token, i) => sum + (i + 1) * token, 0);
}
