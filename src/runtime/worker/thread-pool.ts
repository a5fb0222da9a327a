/**
 * Owns the threads that nobody uses at the moment. A thread is used again by the next model rather than ended: koffi never gives
 * back what it takes in each thread (measured, 0.1 MiB of memory and 9 MiB of addresses), so that loading and unloading
 * models would make the process grow for ever.
 */
import { Worker } from 'node:worker_threads';

/** What one reload needs: the old thread and the new one. */
const MAX_IDLE_PER_ENTRY = 2;

export class ThreadPool implements AsyncDisposable {
  /** By the URL of their entry. */
  readonly #idle = new Map<string, Worker[]>();
  #isClosed = false;

  /** An idle thread of this entry, or a new one. It is the caller's until it is given back, or has ended. */
  take(entry: URL): Worker {
    const worker = this.#idle.get(entry.href)?.pop();
    if (worker === undefined) return new Worker(entry);
    worker.removeAllListeners();
    worker.ref();
    return worker;
  }

  /** Only a thread that has released everything and waits for the next model. Resolves when it is kept, or has ended. */
  async giveBack(entry: URL, worker: Worker): Promise<void> {
    worker.removeAllListeners();
    const idle = this.#idle.get(entry.href) ?? [];
    this.#idle.set(entry.href, idle);
    if (this.#isClosed || idle.length >= MAX_IDLE_PER_ENTRY) {
      await worker.terminate();
      return;
    }
    idle.push(worker);
    worker.unref();
    // Out of memory, for example. Nobody depends on it, and it must not be handed out any more.
    worker.once('error', () => {});
    worker.once('exit', () => idle.splice(idle.indexOf(worker), 1));
  }

  /** Ends the idle threads; those in use end when they are given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const idle = [...this.#idle.values()].flat();
    await Promise.all(idle.map((worker) => worker.terminate()));
  }
}
