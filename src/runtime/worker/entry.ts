/** What an engine thread runs: for each model that it is given, loads it, computes a first step, and then serves its port. */
import { type MessagePort, parentPort } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import { Engine } from '../engine/engine.ts';
import { invariant } from '../errors.ts';
import { Vocabulary } from '../grammar/vocabulary.ts';
import { collectGarbage } from './collect-garbage.ts';
import { EngineHost } from './engine-host.ts';
import type { EngineWorkerData, StartMessage, ThreadAssignment } from './messages.ts';
import { type LoadedRunner, loadRunner } from './runner-module.ts';
import { stepBack } from './step-back.ts';
import { toWireError } from './wire-error.ts';

async function main(port: MessagePort, data: EngineWorkerData): Promise<void> {
  let loaded: LoadedRunner | undefined;
  try {
    loaded = await loadRunner(data);
    const { runner, liveHandles } = loaded;
    const vocabulary = new Vocabulary({ tokens: data.tokenBytes });
    const { scheduler, prefixStoreBytes = 0, prefixBlockTokens } = data;
    const engine = new Engine({
      runner,
      vocabulary,
      scheduler,
      prefixStoreBytes,
      ...(prefixBlockTokens !== undefined && { prefixBlockTokens }),
      clock: monotonicMs,
    });
    engine.probe();
    const dispose = () => {
      engine[Symbol.dispose]();
      runner[Symbol.dispose]();
      collectGarbage();
    };
    new EngineHost({ port, engine, liveHandles, dispose }).start();
  } catch (thrown) {
    loaded?.runner[Symbol.dispose]();
    port.postMessage({ type: 'unstartable', error: toWireError(thrown) } satisfies StartMessage);
    port.close();
  }
}

invariant(parentPort !== null, 'the engine entry is started as a worker thread only');
stepBack();
parentPort.on('message', ({ port, data }: ThreadAssignment<EngineWorkerData>) => void main(port, data));
