/** How a session computes: threads, graph optimisation, configuration entries and execution providers. */
import { invariant } from '../errors.ts';
import { appendProvider } from './execution-providers.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { ResourceStack } from './resource-stack.ts';
import { check } from './status.ts';

/** When threads spin while they wait for the next operator: through a run, or never. */
export type Spinning = 'step' | 'never';

/**
 * Session entries for it. To wake a sleeping thread for each operator costs a third of a step; but a thread that spins keeps a core
 * from others, so it never spins between two runs.
 */
export const SPINNING_ENTRIES: Readonly<Record<Spinning, Readonly<Record<string, string>>>> = {
  step: { 'session.intra_op.allow_spinning': '1', 'session.force_spinning_stop': '1' },
  never: { 'session.intra_op.allow_spinning': '0' },
};

/** Values of `GraphOptimizationLevel`. */
const OPTIMIZATION_LEVELS = { none: 0, basic: 1, extended: 2, all: 99 } as const;

export type SessionConfig = {
  /** Threads that share one operator, the calling one included; 0: one per core. */
  readonly intraOpThreads: number;
  /** Threads that run independent operators. Default 1: a decoder is a chain. */
  readonly interOpThreads?: number;
  /** Default `all`. */
  readonly graphOptimization?: keyof typeof OPTIMIZATION_LEVELS;
  /** In order of preference; the CPU does what they leave. Default `['cpu']`. */
  readonly executionProviders?: readonly string[];
  /** Further entries by their names in ONNX Runtime, e.g. `session.intra_op.allow_spinning`: `0`. */
  readonly entries?: Readonly<Record<string, string>>;
};

/** Creates native session options; the caller disposes of them once the session is created. */
export function createSessionOptions(library: OrtLibrary, config: SessionConfig): NativeHandle {
  const { api } = library;
  for (const threads of [config.intraOpThreads, config.interOpThreads ?? 1]) {
    invariant(Number.isInteger(threads) && threads >= 0, `a session cannot have ${threads} threads`);
  }
  using resources = new ResourceStack();
  const options = resources.use(createHandle(library, 'session options', (out) => api.CreateSessionOptions(out)));
  const { address } = options;
  const level = OPTIMIZATION_LEVELS[config.graphOptimization ?? 'all'];
  check(library, api.SetSessionGraphOptimizationLevel(address, level), 'set the graph optimisation level');
  check(library, api.SetIntraOpNumThreads(address, config.intraOpThreads), 'set the intra-op threads');
  check(library, api.SetInterOpNumThreads(address, config.interOpThreads ?? 1), 'set the inter-op threads');
  for (const [key, value] of Object.entries(config.entries ?? {})) {
    check(library, api.AddSessionConfigEntry(address, key, value), `set ${key}`);
  }
  for (const name of config.executionProviders ?? ['cpu']) appendProvider(library, address, name);
  resources.move();
  return options;
}
