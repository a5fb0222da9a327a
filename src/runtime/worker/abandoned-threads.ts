/** Threads that were given up and run on in native code, which nothing can interrupt. */
import type { Worker } from 'node:worker_threads';

/** A thread in native code ends when that returns, if ever; nobody waits longer than this for it. */
export const EXIT_PATIENCE_MS = 1_000;

const abandoned = new Set<Worker>();

/** Counts a thread until it ends after all, and no longer keeps the event loop waiting for it. */
export function abandon(worker: Worker): void {
  abandoned.add(worker);
  worker.once('exit', () => abandoned.delete(worker));
  worker.unref();
}

/**
 * How many threads of this process were given up and have not ended. NOTE: as long as there are any, nothing but a signal ends
 * the process; `process.exit` would wait for them.
 */
export function abandonedThreads(): number {
  return abandoned.size;
}
