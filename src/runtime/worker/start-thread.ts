/** Starts a model on a thread and waits until it can serve. Knows nothing of requests. */
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { GatewayError } from '../errors.ts';
import { abandon, EXIT_PATIENCE_MS } from './abandoned-threads.ts';
import { abortError } from './abort-error.ts';
import type { StartMessage, ThreadAssignment } from './messages.ts';
import type { ThreadPool } from './thread-pool.ts';
import { fromWireError } from './wire-error.ts';

export type ThreadSource = {
  /** For messages: `the engine thread`. */
  readonly name: string;
  /** The compiled module that the thread runs; it takes a {@link ThreadAssignment}, and answers with a {@link StartMessage}. */
  readonly entry: URL;
  readonly data: unknown;
  /** Where the thread comes from and goes to. Default: it is a new one, and ends with the model. */
  readonly threads?: ThreadPool;
  /** Called when the thread has ended, whenever that is, before anybody else hears of it; not if it goes back to the pool. */
  readonly onExit?: () => void;
};

/** A thread with a model on it that serves. */
export type ModelThread = {
  readonly name: string;
  readonly worker: Worker;
  /** To the model. */
  readonly port: MessagePort;
  /** After the model's last message. Resolves when nothing of it is left. */
  readonly release: () => Promise<void>;
};

/**
 * Resolves when the thread's model is loaded and has computed a real step. Rejects, once the thread has ended, with the
 * reason why it could not; or with `cancelled` when `signal` was aborted first, at the latest {@link EXIT_PATIENCE_MS} later.
 */
export async function startThread(source: ThreadSource, signal?: AbortSignal): Promise<ModelThread> {
  if (signal?.aborted) throw abortError(signal);
  const { name, entry, data, threads, onExit } = source;
  const worker = threads?.take(entry) ?? new Worker(entry);
  if (onExit !== undefined) worker.once('exit', onExit);
  // Who cares for it listens, too; without any listener it would be thrown in this thread.
  worker.on('error', () => {});
  const { port1: port, port2 } = new MessageChannel();
  worker.postMessage({ data, port: port2 } satisfies ThreadAssignment<unknown>, [port2]);
  const failure = await startFailure({ name, worker, port }, signal);
  if (failure === undefined) {
    const release = () => (threads === undefined ? endThread(worker) : threads.giveBack(entry, worker));
    return { name, worker, port, release };
  }
  await endThread(worker);
  port.close();
  throw failure;
}

/** Resolves when the thread has ended, or was abandoned. */
async function endThread(worker: Worker): Promise<void> {
  // So of a thread that has ended already, and has told so.
  if (worker.threadId === -1) return;
  await new Promise<void>((resolve) => {
    const patience = setTimeout(() => {
      abandon(worker);
      resolve();
    }, EXIT_PATIENCE_MS);
    worker.once('exit', () => {
      clearTimeout(patience);
      resolve();
    });
    void worker.terminate();
  });
}

type Starting = Pick<ModelThread, 'name' | 'worker' | 'port'>;

/** Undefined as soon as the model is ready; else why it will not be: it has said so, the thread has ended, or `signal` is aborted. */
function startFailure({ name, worker, port }: Starting, signal?: AbortSignal): Promise<GatewayError | undefined> {
  return new Promise((resolve) => {
    let crash: GatewayError | undefined;
    const onMessage = (message: StartMessage) => {
      settle(message.type === 'ready' ? undefined : fromWireError(message.error));
    };
    const onError = (cause: Error) => {
      crash = new GatewayError('unavailable', `${name} crashed: ${cause.message}`, { cause });
    };
    const onExit = (code: number) => {
      settle(crash ?? new GatewayError('unavailable', `${name} exited with code ${code}`));
    };
    const onAbort = () => settle(signal && abortError(signal));
    const settle = (result: GatewayError | undefined) => {
      port.off('message', onMessage);
      worker.off('error', onError).off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
    };
    port.on('message', onMessage);
    worker.on('error', onError).on('exit', onExit);
    signal?.addEventListener('abort', onAbort);
  });
}
