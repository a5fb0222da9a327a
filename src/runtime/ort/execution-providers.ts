/** Execution providers: their names, whether the library has them, and how a session is told to use them. */
import { GatewayError, invariant } from '../errors.ts';
import { createHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { OutCell, readStrings } from './native-memory.ts';
import { check } from './status.ts';

type Provider = {
  /** What `GetAvailableProviders` calls it. */
  readonly available: string;
  /** What `SessionOptionsAppendExecutionProvider` calls it; absent for CUDA, which has a function of its own. */
  readonly append?: string;
  /** What to do when it is not there, or does not start. */
  readonly remedy: string;
};

const CUDA_REMEDY =
  'install its libraries with "ONNXRUNTIME_NODE_INSTALL=cuda12 node node_modules/onnxruntime-node/script/install.js" ' +
  '(Linux x64), and CUDA 12, cuDNN 9 and the driver';
const DML_REMEDY = 'it needs Windows with DirectX 12, where the onnxruntime-node package has it';

const PROVIDERS: Readonly<Record<string, Provider>> = {
  cuda: { available: 'CUDAExecutionProvider', remedy: CUDA_REMEDY },
  webgpu: {
    available: 'WebGpuExecutionProvider',
    append: 'WebGPU',
    remedy: 'the onnxruntime-node package has it for Windows, macOS and Linux x64; on Linux it needs a Vulkan driver',
  },
  coreml: { available: 'CoreMLExecutionProvider', append: 'CoreML', remedy: 'it needs macOS' },
  dml: { available: 'DmlExecutionProvider', append: 'DML', remedy: DML_REMEDY },
  directml: { available: 'DmlExecutionProvider', append: 'DML', remedy: DML_REMEDY },
  xnnpack: {
    available: 'XnnpackExecutionProvider',
    append: 'XNNPACK',
    remedy: 'the onnxruntime-node package has it on no platform; another library can be named',
  },
};

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

/** Throws `GatewayError` (`backend_failed`) that says what to install when the library does not have a provider. */
export function requireProvider(library: OrtLibrary, name: string): Provider | undefined {
  // Always there, behind all others.
  if (name === 'cpu') return undefined;
  const provider = Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined;
  if (provider === undefined) {
    const known = ['cpu', ...Object.keys(PROVIDERS)].join(', ');
    throw new GatewayError('backend_failed', `execution provider ${name} is unknown; known are ${known}`);
  }
  const available = availableProviders(library);
  if (available.includes(provider.available)) return provider;
  const has = `${library.path}, which has ${available.join(', ')}`;
  throw new GatewayError('backend_failed', `execution provider ${name} is not in ${has}; ${provider.remedy}`);
}

/** Throws `GatewayError` (`backend_failed`) that says what to install when a provider is missing. */
export function appendProvider(library: OrtLibrary, options: bigint, name: string): void {
  const provider = requireProvider(library, name);
  if (provider === undefined) return;
  try {
    if (provider.append === undefined) appendCuda(library, options);
    else {
      const status = library.api.SessionOptionsAppendExecutionProvider(options, provider.append, null, null, 0);
      check(library, status, `use the execution provider ${name}`);
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('backend_failed', `${reason.trimEnd()}; ${provider.remedy}`, { cause });
  }
}

/** Loads the provider's own library, which lies beside ONNX Runtime's when CUDA was installed. */
function appendCuda(library: OrtLibrary, options: bigint): void {
  const { api } = library;
  using cuda = createHandle(library, 'CUDA options', (out) => api.CreateCUDAProviderOptions(out));
  const status = api.SessionOptionsAppendExecutionProvider_CUDA_V2(options, cuda.address);
  check(library, status, 'use the execution provider cuda');
}
