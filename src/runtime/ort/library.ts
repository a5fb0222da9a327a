/**
 * Finds and loads the ONNX Runtime library, and turns its table of function pointers into typed functions. Nothing but this file,
 * native-memory.ts and trim-memory.ts knows koffi.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi, { type LibraryHandle, type TypeObject } from 'koffi';
import { GatewayError, invariant } from '../errors.ts';
import { type ArgumentKind, type FunctionEntry, ORT_API_VERSION, ORT_FUNCTIONS, type ResultKind } from './api-table.ts';

/** An address in native memory; null is the null pointer. */
export type Address = bigint | null;

type ArgumentOf<K> = K extends 'pointer' ? Address : K extends 'int' | 'size' ? number : string;
type ArgumentsOf<K extends readonly unknown[]> = { [I in keyof K]: ArgumentOf<K[I]> };
type ResultOf<K> = K extends 'status' ? Address : K extends 'int' ? number : K extends 'string' ? string : undefined;
type FunctionOf<E> = E extends readonly [number, infer R, ...infer A]
  ? (...args: ArgumentsOf<A>) => ResultOf<R>
  : never;

/** The functions of `struct OrtApi` that are in the table, by their C names. */
export type OrtApi = { readonly [N in keyof typeof ORT_FUNCTIONS]: FunctionOf<(typeof ORT_FUNCTIONS)[N]> };

export type OrtLibrary = {
  readonly path: string;
  /** Of the library, e.g. `1.30.0`. */
  readonly version: string;
  readonly api: OrtApi;
};

const LIBRARY_FILES: Readonly<Record<string, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
};

/**
 * koffi runs native code on a stack of its own, 2 MiB unless told otherwise. Loading a graph recurses over it, so native code
 * gets what a main thread has on Linux.
 */
const NATIVE_STACK_BYTES = 8 * 2 ** 20;

const ARGUMENT_TYPES: Readonly<Record<ArgumentKind, string>> = {
  pointer: 'void *',
  int: 'int',
  size: 'size_t',
  string: 'str',
  path: process.platform === 'win32' ? 'str16' : 'str',
};

const RESULT_TYPES: Readonly<Record<ResultKind, string>> = {
  status: 'void *',
  void: 'void',
  int: 'int',
  string: 'str',
};

/**
 * One per path and thread. NOTE: koffi unloads a library when its handle is collected, and functions made from addresses do not
 * keep it, so the handle is kept here, for ever.
 */
const loaded = new Map<string, { readonly library: OrtLibrary; readonly handle: LibraryHandle }>();

/** Where the onnxruntime-node package keeps the library for this platform. */
export function packagedLibraryPath(): string {
  const file = LIBRARY_FILES[process.platform];
  if (file === undefined) throw unavailable(`there is no ONNX Runtime library for ${process.platform}`);
  let packageFolder: string;
  try {
    packageFolder = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
  } catch (cause) {
    throw unavailable('the package onnxruntime-node is not installed', cause);
  }
  return join(packageFolder, 'bin', 'napi-v6', process.platform, process.arch, file);
}

/**
 * Loads the library at `path` (default: the packaged one) or returns the one already loaded from there.
 * Throws `GatewayError` (`backend_failed`) when it is missing, no ONNX Runtime, or too old.
 */
export function loadOrtLibrary(path: string = packagedLibraryPath()): OrtLibrary {
  const known = loaded.get(path);
  if (known !== undefined) return known.library;
  if (!existsSync(path)) throw unavailable(`no ONNX Runtime library at ${path}`);
  const { handle, base } = open(path);
  const library = bindLibrary(path, base);
  loaded.set(path, { library, handle });
  return library;
}

function open(path: string): { readonly handle: LibraryHandle; readonly base: Address } {
  try {
    if (koffi.config().sync_stack_size !== NATIVE_STACK_BYTES) koffi.config({ sync_stack_size: NATIVE_STACK_BYTES });
    const handle = koffi.load(path);
    return { handle, base: handle.func('OrtGetApiBase', 'void *', [])() };
  } catch (cause) {
    throw unavailable(`${path} cannot be loaded as ONNX Runtime: ${(cause as Error).message}`, cause);
  }
}

function bindLibrary(path: string, base: Address): OrtLibrary {
  // struct OrtApiBase { const OrtApi *(*GetApi)(uint32_t version); const char *(*GetVersionString)(); }
  invariant(base !== null, 'OrtGetApiBase returned null');
  const getApi = bind(base, 0, koffi.proto('void *', ['uint32_t'])) as (version: number) => Address;
  const getVersion = bind(base, 1, koffi.proto('str', [])) as () => string;
  const table = getApi(ORT_API_VERSION);
  if (table === null) {
    throw unavailable(`${path} is ONNX Runtime ${getVersion()}; API version ${ORT_API_VERSION} or later is needed`);
  }
  const functions = Object.entries<FunctionEntry>(ORT_FUNCTIONS).map(([name, [index, result, ...args]]) => {
    const prototype = koffi.proto(
      RESULT_TYPES[result],
      args.map((kind) => ARGUMENT_TYPES[kind]),
    );
    return [name, bind(table, index, prototype)];
  });
  return { path, version: getVersion(), api: Object.fromEntries(functions) as OrtApi };
}

/** The function behind the `index`-th pointer of a table of function pointers. */
function bind(table: bigint, index: number, prototype: TypeObject): unknown {
  const address: Address = koffi.decode(table, index * koffi.sizeof('void *'), 'void *');
  invariant(address !== null, `function ${index} of the ONNX Runtime API is null`);
  return koffi.decode(address, prototype);
}

function unavailable(message: string, cause?: unknown): GatewayError {
  return new GatewayError('backend_failed', message, { cause });
}
