/** The native environment: logging and what sessions share. ONNX Runtime keeps one per process and counts who uses it. */
import { createHandle, type NativeHandle } from './handles.ts';
import type { OrtLibrary } from './library.ts';
import { check } from './status.ts';

/** `ORT_LOGGING_LEVEL_FATAL`: every failure comes back as a status, so native code needs not write it to stderr as well. */
const LOG_FATAL_ONLY = 4;

export class Environment implements Disposable {
  readonly library: OrtLibrary;
  readonly #handle: NativeHandle;

  constructor(library: OrtLibrary) {
    this.library = library;
    this.#handle = createHandle(library, 'env', (out) => library.api.CreateEnv(LOG_FATAL_ONLY, 'lam-gateway', out));
    // Only official Windows builds send any, and only until this call.
    check(library, library.api.DisableTelemetryEvents(this.#handle.address), 'switch telemetry off');
  }

  get address(): bigint {
    return this.#handle.address;
  }

  [Symbol.dispose](): void {
    this.#handle[Symbol.dispose]();
  }
}
