/** How a session computes: threads, graph optimisation, configuration entries and execution providers. */
import { GatewayError, invariant } from '../errors.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { OutCell, readStrings } from './native-memory.ts';
import { ResourceStack } from './resource-stack.ts';
import { check } from './status.ts';

/** Values of `GraphOptimizationLevel`. */
const OPTIMIZATION_LEVELS = { none: 0, basic: 1, extended: 2, all: 99 } as const;

type Provider = {
  /** What `GetAvailableProviders` calls it. */
  readonly available: string;
  /** What `SessionOptionsAppendExecutionProvider` calls it; absent for CUDA, which has a function of its own. */
  readonly append?: string;
};

const PROVIDERS: Readonly<Record<string, Provider>> = {
  cuda: { available: 'CUDAExecutionProvider' },
  webgpu: { available: 'WebGpuExecutionProvider', append: 'WebGPU' },
  coreml: { available: 'CoreMLExecutionProvider', append: 'CoreML' },
  directml: { available: 'DmlExecutionProvider', append: 'DML' },
  xnnpack: { available: 'XnnpackExecutionProvider', append: 'XNNPACK' },
};

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

/** Execution providers that are compiled into the library, by ONNX Runtime's names for them. */
export function availableProviders(library: OrtLibrary): readonly string[] {
  const { api } = library;
  const names = new OutCell();
  const length = new OutCell();
  check(library, api.GetAvailableProviders(names.address, length.address), 'list its execution providers');
  invariant(names.pointer !== null, 'the list of execution providers is at the null pointer');
  const providers = readStrings(names.pointer, length.int);
  check(library, api.ReleaseAvailableProviders(names.pointer, length.int), 'release the list of execution providers');
  return providers;
}

function appendProvider(library: OrtLibrary, options: bigint, name: string): void {
  // Always there, behind all others.
  if (name === 'cpu') return;
  const provider = PROVIDERS[name];
  if (provider === undefined) {
    const known = ['cpu', ...Object.keys(PROVIDERS)].join(', ');
    throw new GatewayError('backend_failed', `execution provider ${name} is unknown; known are ${known}`);
  }
  const available = availableProviders(library);
  if (!available.includes(provider.available)) {
    const message = `execution provider ${name} is not in ${library.path}, which has ${available.join(', ')}`;
    throw new GatewayError('backend_failed', message);
  }
  if (provider.append === undefined) appendCuda(library, options);
  else {
    const status = library.api.SessionOptionsAppendExecutionProvider(options, provider.append, null, null, 0);
    check(library, status, `use the execution provider ${name}`);
  }
}

/** Loads the provider's own library, which lies beside ONNX Runtime's when CUDA was installed. */
function appendCuda(library: OrtLibrary, options: bigint): void {
  const { api } = library;
  using cuda = createHandle(library, 'CUDA options', (out) => api.CreateCUDAProviderOptions(out));
  const status = api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda.address);
  check(library, status, 'use the execution provider cuda');
}
