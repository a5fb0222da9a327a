/** What an engine thread runs: loads the model, computes a first step, and then serves its port. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { monotonicMs } from '../clock.ts';
import { Engine } from '../engine/engine.ts';
import { invariant } from '../errors.ts';
import { Vocabulary } from '../grammar/vocabulary.ts';
import { EngineHost } from './engine-host.ts';
import type { EngineWorkerData, StartMessage } from './messages.ts';
import { type LoadedRunner, loadRunner } from './runner-module.ts';
import { toWireError } from './wire-error.ts';

async function main(port: MessagePort, data: EngineWorkerData): Promise<void> {
  let loaded: LoadedRunner | undefined;
  try {
    loaded = await loadRunner(data.runner);
    const { runner, liveHandles } = loaded;
    const vocabulary = new Vocabulary({ tokens: data.tokenBytes });
    const engine = new Engine({ runner, vocabulary, scheduler: data.scheduler, clock: monotonicMs });
    engine.probe();
    new EngineHost({ port, engine, liveHandles, dispose: () => runner[Symbol.dispose]() }).start();
  } catch (thrown) {
    loaded?.runner[Symbol.dispose]();
    port.postMessage({ type: 'unstartable', error: toWireError(thrown) } satisfies StartMessage);
    port.close();
  }
}

invariant(parentPort !== null, 'the engine entry is started as a worker thread only');
await main(parentPort, workerData as EngineWorkerData);
