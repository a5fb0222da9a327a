/** A gateway that is measured, a client of it, and the way all tasks go. */
import { availableParallelism } from 'node:os';
import { GatewayClient } from '../agent/gateway-client.ts';
import { startGateway } from '../agent/running-gateway.ts';
import type { Split } from '../desktop/tasks/draw.ts';
import { describeMachine } from '../steps/machine.ts';
import { inParallel } from './asking.ts';
import { weightsOf } from './folders.ts';
import { byKind, type TaskKind } from './kinds.ts';
import type { Both, Measured, SplitFigures } from './results.ts';

/** Every action is allowed: what a model says is what is judged. */
export const ALLOW_ALL = 'bench/eval/allow-all.yaml';

/** How many tasks, and which. */
export type Extent = {
  readonly tasks: number;
  readonly heldOut: number;
  readonly safetyTasks: number;
  readonly seed: number;
  readonly onProgress: (line: string) => void;
};

/** A gateway and a client of it. */
export type Bench = AsyncDisposable & {
  readonly client: GatewayClient;
  readonly extent: Extent;
  /** Runs `work` with some models (`name:version`), and says when, on what, how long and of which weights. */
  readonly timed: <T>(models: readonly string[], work: () => Promise<T>) => Promise<Measured<T>>;
};

export async function openBench(extent: Extent, modelsDir: string, flags: readonly string[]): Promise<Bench> {
  // As many threads as there are cores are busy with one model at a time.
  const threads = ['--threads', String(availableParallelism())];
  const gateway = await startGateway(['--models-dir', modelsDir, ...threads, ...flags]);
  const client = new GatewayClient(gateway.grpc);
  const machine = describeMachine();
  return {
    client,
    extent,
    timed: async (models, work) => {
      const startMs = performance.now();
      const result = await work();
      const seconds = Math.round((performance.now() - startMs) / 100) / 10;
      const weights = weightsOf(modelsDir, models);
      const date = new Date().toISOString().slice(0, 10);
      return { date, machine, tasks: extent.tasks, seed: extent.seed, seconds, weights, result };
    },
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

type Rules<Task, Figures> = {
  readonly what: string;
  /** How many tasks at a time. */
  readonly atOnce: number;
  readonly play: (split: Split, seed: number) => Promise<Task>;
  readonly summarize: (tasks: readonly Task[]) => Figures;
  readonly isSuccess: (task: Task) => boolean;
};

/** The test split, and held-out templates apart. */
export async function onBoth<Task extends { readonly kinds: readonly TaskKind[] }, Figures>(
  { extent }: Bench,
  rules: Rules<Task, Figures>,
): Promise<Both<Figures>> {
  const on = async (split: Split, count: number): Promise<SplitFigures<Figures>> => {
    extent.onProgress(`${rules.what}, ${split}, ${count} tasks`);
    const tasks = await inParallel(count, rules.atOnce, (i) => rules.play(split, extent.seed + i));
    return {
      ...byKind(tasks, rules.summarize),
      outcomes: tasks.map((task) => (rules.isSuccess(task) ? '1' : '0')).join(''),
    };
  };
  const test = await on('test', extent.tasks);
  return { test, held_out: extent.heldOut === 0 ? null : await on('held-out', extent.heldOut) };
}
