/** A loaded graph: what goes in, what comes out, and its runs. Knows nothing of decoders. */
import { GatewayError, invariant } from '../errors.ts';
import type { Environment } from './environment.ts';
import { createHandle, type NativeHandle } from './handles.ts';
import { IoBinding } from './io-binding.ts';
import type { OrtLibrary } from './library.ts';
import type { RunOptions } from './run-options.ts';
import { createSessionOptions, type SessionConfig } from './session-options.ts';
import { check } from './status.ts';
import { readTensorSpecs, type TensorSpec } from './tensor-spec.ts';

export class Session implements Disposable {
  readonly library: OrtLibrary;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #handle: NativeHandle;

  /** Loads the graph at `modelPath`. Throws `GatewayError` (`backend_failed`) if it is missing or no graph. */
  constructor(environment: Environment, modelPath: string, config: SessionConfig) {
    const { library } = environment;
    this.library = library;
    using options = createSessionOptions(library, config);
    this.#handle = load(environment, modelPath, options);
    try {
      this.inputs = readTensorSpecs(library, this.#handle.address, 'input');
      this.outputs = readTensorSpecs(library, this.#handle.address, 'output');
    } catch (error) {
      this.#handle[Symbol.dispose]();
      throw error;
    }
  }

  /** A new, empty binding; dispose of it before the session. */
  createBinding(): IoBinding {
    return new IoBinding(this.library, this.#handle.address);
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
