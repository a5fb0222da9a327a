/** Starts an engine thread and waits until it can serve. Knows nothing of requests. */
import { Worker } from 'node:worker_threads';
import { GatewayError } from '../errors.ts';
import { abortError } from './abort-error.ts';
import type { EngineWorkerData, StartMessage } from './messages.ts';
import { fromWireError } from './wire-error.ts';

// The compiled entry: a URL is not rewritten on emit as imports are, and only compiled code ever runs.
const ENTRY = new URL('./entry.js', import.meta.url);

/**
 * Resolves when the thread's model is loaded and has computed a real step. Rejects, once the thread has ended, with the
 * reason why it could not, or with `cancelled` when `signal` was aborted first.
 */
export async function startEngineThread(data: EngineWorkerData, signal?: AbortSignal): Promise<Worker> {
  if (signal?.aborted) throw abortError(signal);
  const worker = new Worker(ENTRY, { workerData: data });
  const stop = () => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const failure = await startFailure(worker);
    if (failure === undefined) return worker;
    throw signal?.aborted ? abortError(signal) : failure;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Undefined as soon as the thread is ready; else, when it has ended, why it did. */
function startFailure(worker: Worker): Promise<GatewayError | undefined> {
  return new Promise((resolve) => {
    let failure: GatewayError | undefined;
    const onMessage = (message: StartMessage) => {
      if (message.type === 'unstartable') failure = fromWireError(message.error);
      if (message.type === 'ready') settle(undefined);
    };
    const onError = (cause: Error) => {
      failure = new GatewayError('unavailable', `the engine thread crashed: ${cause.message}`, { cause });
    };
    const onExit = (code: number) => {
      settle(failure ?? new GatewayError('unavailable', `the engine thread exited with code ${code}`));
    };
    const settle = (result: GatewayError | undefined) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(result);
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}
