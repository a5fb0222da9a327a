/** Cycles of loading, asking and unloading a version, beside one that stays. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ModelFolders } from './model-folders.ts';
import { open, predict, ThreadWatch } from './open-models.ts';

export type LoadUnloadReport = {
  readonly cycles: number;
  /** Resident memory after each cycle and a collection of garbage, in MiB. */
  readonly rssMebibytes: readonly number[];
  /** Median of the last quarter over the median of the second quarter. */
  readonly growth: number;
  /** Left after everything was closed. */
  readonly nativeHandles: number;
  readonly threads: number;
};

export async function runLoadUnload(options: {
  readonly cycles: number;
  readonly source?: string;
}): Promise<LoadUnloadReport> {
  const { cycles, source } = options;
  await using folders = await ModelFolders.create();
  await folders.add('soak', '1', source);
  await folders.add('soak', '2', source);
  using watch = new ThreadWatch();
  const rss: number[] = [];
  const runtime = await open({ modelsDir: folders.root, defaultModel: 'soak:1' });
  try {
    await runtime.unloadModel('soak', '2');
    for (let i = 0; i < cycles; i++) {
      await runtime.loadModel('soak', '2');
      await predict(runtime, { model: 'soak:2' });
      await runtime.unloadModel('soak', '2');
      collectGarbage();
      rss.push(Math.round((process.memoryUsage.rss() / 2 ** 20) * 10) / 10);
    }
  } finally {
    await runtime[Symbol.asyncDispose]();
  }
  const { nativeHandles } = await runtime.stats();
  const quarter = cycles / 4;
  const growth = median(rss.slice(3 * quarter)) / median(rss.slice(quarter, 2 * quarter));
  return { cycles, rssMebibytes: rss, growth, nativeHandles, threads: watch.alive.length };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** Without it, the heap of each thread that has ended would count until the next collection. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  collect();
}
