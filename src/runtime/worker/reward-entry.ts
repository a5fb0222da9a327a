/** What a reward thread runs: for each model that it is given, loads it, computes a first reward, and then serves its port. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import { invariant } from '../errors.ts';
import { LedgerWriter } from '../ort/handle-ledger.ts';
import { liveHandles, recordHandles } from '../ort/handles.ts';
import { createRewardRunner } from '../ort/reward-runner.ts';
import type { RewardRunner } from '../reward/reward-runner.ts';
import { RewardScorer } from '../reward/reward-scorer.ts';
import { collectGarbage } from './collect-garbage.ts';
import type { RewardWorkerData, StartMessage, ThreadAssignment } from './messages.ts';
import { RewardHost } from './reward-host.ts';
import { stepBack } from './step-back.ts';
import { toWireError } from './wire-error.ts';

function main(port: MessagePort, data: RewardWorkerData): void {
  let runner: RewardRunner | undefined;
  try {
    recordHandles(new LedgerWriter(data.ledger));
    const created = createRewardRunner(data.runner);
    runner = created;
    const scorer = new RewardScorer({ runner: created, clock: monotonicMs });
    scorer.probe();
    const dispose = () => {
      created[Symbol.dispose]();
      collectGarbage();
    };
    new RewardHost({ port, scorer, liveHandles, dispose }).start();
  } catch (thrown) {
    runner?.[Symbol.dispose]();
    port.postMessage({ type: 'unstartable', error: toWireError(thrown) } satisfies StartMessage);
    port.close();
  }
}

invariant(parentPort !== null, 'the reward entry is started as a worker thread only');
stepBack();
parentPort.on('message', ({ port, data }: ThreadAssignment<RewardWorkerData>) => main(port, data));
