/** Whether the packaged ONNX Runtime can use an execution provider on this machine, without a model. */
import { Environment } from '../ort/environment.ts';
import { loadOrtLibrary } from '../ort/library.ts';
import { createSessionOptions } from '../ort/session-options.ts';

/**
 * The version of the library that has `name`, after the provider's own libraries were loaded. Throws `GatewayError`
 * (`backend_failed`) that says what to install. Whether a model fits its device shows when that is loaded.
 */
export function checkExecutionProvider(name: string): string {
  const library = loadOrtLibrary();
  // Providers log, and what they log with is the environment's.
  using _environment = new Environment(library);
  using _options = createSessionOptions(library, { intraOpThreads: 1, executionProviders: [name] });
  return library.version;
}
