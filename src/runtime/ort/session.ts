/** A loaded graph: what goes in, what comes out, and its runs. Knows nothing of decoders. */
import { GatewayError, invariant } from '../errors.ts';
import type { Environment } from './environment.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import { IoBinding } from './io-binding.ts';
import type { OrtLibrary } from './library.ts';
import { addressOf, OutCell, readString } from './native-memory.ts';
import type { RunOptions } from './run-options.ts';
import { createSessionOptions, type SessionConfig } from './session-options.ts';
import { check } from './status.ts';
import { readTensorSpecs, type TensorSpec } from './tensor-spec.ts';

/** Where a session wants an input to be. The address is of a native `OrtMemoryInfo` that the session owns. */
export type InputMemory = { readonly address: bigint; readonly name: string; readonly isHost: boolean };

export class Session implements Disposable {
  readonly library: OrtLibrary;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #handle: NativeHandle;
  readonly #inputMemories: readonly InputMemory[];

  /** Loads the graph at a path, or its bytes. Throws `GatewayError` (`backend_failed`) if it is missing or no graph. */
  constructor(environment: Environment, model: string | Uint8Array, config: SessionConfig) {
    const { library } = environment;
    this.library = library;
    using options = createSessionOptions(library, config);
    this.#handle =
      typeof model === 'string' ? load(environment, model, options) : loadBytes(environment, model, options);
    try {
      this.inputs = readTensorSpecs(library, this.#handle.address, 'input');
      this.outputs = readTensorSpecs(library, this.#handle.address, 'output');
      this.#inputMemories = readInputMemories(library, this.#handle.address, this.inputs.length);
    } catch (error) {
      this.#handle[Symbol.dispose]();
      throw error;
    }
  }

  get address(): bigint {
    return this.#handle.address;
  }

  /** Of an input, by its name: the host's memory, unless the input goes to an execution provider with a device of its own. */
  inputMemory(name: string): InputMemory {
    const index = this.inputs.findIndex((input) => input.name === name);
    const memory = this.#inputMemories[index];
    invariant(memory !== undefined, `the graph has no input ${name}`);
    return memory;
  }

  /** A new, empty binding; dispose of it before the session. */
  createBinding(): IoBinding {
    const copiesInputs = this.#inputMemories.some(({ isHost }) => !isHost);
    return new IoBinding(this.library, this.#handle.address, { copiesInputs });
  }

  /** Runs the graph over what is bound, on this thread. Throws `GatewayError` (`backend_failed`) if the run fails. */
  run(binding: IoBinding, options: RunOptions): void {
    const status = this.library.api.RunWithBinding(this.#handle.address, options.address, binding.address);
    check(this.library, status, 'run the model');
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}

function load(environment: Environment, modelPath: string, options: NativeHandle): NativeHandle {
  // A NUL would end the path for native code, and another file would be loaded.
  invariant(!modelPath.includes('\0'), 'a model path has a NUL in it');
  try {
    return createHandle(environment.library, 'session', (out) =>
      environment.library.api.CreateSession(environment.address, modelPath, options.address, out),
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('backend_failed', `${modelPath} cannot be loaded: ${reason}`, { cause });
  }
}

function loadBytes(environment: Environment, model: Uint8Array, options: NativeHandle): NativeHandle {
  const { api } = environment.library;
  return createHandle(environment.library, 'session', (out) =>
    api.CreateSessionFromArray(environment.address, addressOf(model), model.byteLength, options.address, out),
  );
}

/** `OrtMemoryInfoDeviceType_CPU` */
const CPU_DEVICE = 0;

/** In the order of the session's inputs. */
function readInputMemories(library: OrtLibrary, session: bigint, numInputs: number): readonly InputMemory[] {
  const { api } = library;
  const infos = new BigUint64Array(numInputs);
  const status = api.SessionGetMemoryInfoForInputs(session, addressOf(infos), numInputs);
  check(library, status, 'tell where inputs belong');
  const out = new OutCell();
  return Array.from(infos, (address) => {
    api.MemoryInfoGetDeviceType(address, out.address);
    const isHost = out.int === CPU_DEVICE;
    check(library, api.MemoryInfoGetName(address, out.address), 'name a kind of memory');
    invariant(out.pointer !== null, 'a kind of memory has no name');
    return { address, name: readString(out.pointer), isHost };
  });
}
