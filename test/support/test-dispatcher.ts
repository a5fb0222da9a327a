/** A dispatcher over a fake runtime without any server, with hooks of the test's own. */
import pino from 'pino';
import { Admission } from '../../src/server/admission.ts';
import type { Call, Origin } from '../../src/server/call.ts';
import { Dispatcher } from '../../src/server/dispatcher.ts';
import { Episodes } from '../../src/server/episodes/episodes.ts';
import { MemoryEpisodeStore } from '../../src/server/episodes/memory-store.ts';
import type { Hooks } from '../../src/server/hooks.ts';
import { Lifecycle } from '../../src/server/lifecycle.ts';
import type { Outcome } from '../../src/server/metrics.ts';
import type { PredictHook } from '../../src/server/predict-hooks.ts';
import type { Rpc } from '../../src/server/rpc.ts';
import { rpcs } from '../../src/server/rpcs.ts';
import { FakeRuntime } from './fake-runtime.ts';

export type TestDispatcherOptions = Partial<Hooks> & {
  readonly predictHooks?: readonly PredictHook[];
  readonly rpcs?: readonly Rpc[];
  readonly maxRequests?: number;
};

export type TestDispatcher = {
  readonly dispatcher: Dispatcher;
  readonly runtime: FakeRuntime;
  readonly lifecycle: Lifecycle;
  readonly admission: Admission;
  /** How each call ended, in order: `PredictAction ok`. */
  readonly outcomes: readonly string[];
  /** A call of the rpc that has just arrived. */
  begin(rpc: Rpc, timeoutMs?: number): Call;
  /** A unary rpc from arrival to answer. */
  ask(name: string, message: object): Promise<object>;
};

export const ORIGIN: Origin = { protocol: 'http', header: () => undefined, peer: '127.0.0.1:1' };
const DEADLINES = { defaultDeadlineMs: 30_000, maxDeadlineMs: 60_000 };

export function testDispatcher(options: TestDispatcherOptions = {}): TestDispatcher {
  const { gates = [], wrappers = [], observers = [], predictHooks = [], maxRequests = 4 } = options;
  const table = options.rpcs ?? rpcs;
  const runtime = new FakeRuntime();
  const lifecycle = new Lifecycle();
  lifecycle.markReady(runtime);
  const admission = new Admission(() => ({ maxRequests, slots: 1, concurrency: 1, maxQueueMs: 60_000 }));
  const outcomes: string[] = [];
  const onFinish = ({ rpc }: Call, outcome: Outcome) => outcomes.push(`${rpc} ${outcome}`);
  const episodes = new Episodes(new MemoryEpisodeStore({ maxBytes: 8 << 20, ttlMs: 3_600_000 }));
  const dispatcher = new Dispatcher({
    rpcs: table,
    services: { lifecycle, limits: { maxControls: 500 }, episodes, predictHooks },
    hooks: { gates, wrappers, observers: [{ name: 'outcomes', onFinish }, ...observers] },
    admission,
    deadlines: DEADLINES,
    logger: pino({ level: 'silent' }),
  });
  const begin = (rpc: Rpc, timeoutMs?: number) => dispatcher.begin(rpc, { timeoutMs, origin: ORIGIN });
  const ask = (name: string, message: object) => {
    const rpc = table.find((candidate) => candidate.name === name);
    if (rpc?.kind !== 'unary') throw new Error(`${name} is no unary rpc`);
    return dispatcher.unary(rpc, begin(rpc), () => message);
  };
  return { dispatcher, runtime, lifecycle, admission, outcomes, begin, ask };
}
