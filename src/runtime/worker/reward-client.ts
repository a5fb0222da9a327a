/** The main thread's end of a reward thread. */
import type { RuntimeObserver } from '../observer.ts';
import type { ScoreReport } from '../reward/reward-scorer.ts';
import type { ScoreRequest, ScoreResult } from '../reward/score.ts';
import type { RewardWorkerData } from './messages.ts';
import { createNativeLedger } from './native-ledger.ts';
import { startThread } from './start-thread.ts';
import { ThreadClient } from './thread-client.ts';
import type { ThreadPool } from './thread-pool.ts';

// The compiled entry: a URL is not rewritten on emit as imports are, and only compiled code ever runs.
const ENTRY = new URL('./reward-entry.js', import.meta.url);
const NAME = 'the reward thread';

export type RewardClientOptions = Pick<RewardWorkerData, 'runner'> & {
  /** Names for the reports to the observer. */
  readonly model: string;
  readonly version: string;
  readonly observer?: RuntimeObserver;
  /** A thread that says nothing for so long is given up: longer than any batch. Default 0: never. */
  readonly stepTimeoutMs?: number;
  /** Where the thread comes from. Default: it is a new one. */
  readonly threads?: ThreadPool;
};

export type RewardClient = ThreadClient<ScoreRequest, ScoreResult, ScoreReport>;

/** Starts a reward thread; see {@link startThread} for when it resolves and rejects. */
export async function startRewardThread(options: RewardClientOptions, signal?: AbortSignal): Promise<RewardClient> {
  const { runner, model, version, observer, threads, stepTimeoutMs = 0 } = options;
  const { ledger, reclaim } = await createNativeLedger(runner.libraryPath);
  const data: RewardWorkerData = { runner, ledger };
  const source = { name: NAME, entry: ENTRY, data, onExit: reclaim, ...(threads !== undefined && { threads }) };
  const thread = await startThread(source, signal);
  const onReport = (report: ScoreReport) => observer?.onRewardBatch?.({ model, version, ...report });
  return new ThreadClient(thread, { stepTimeoutMs, onReport });
}
