/** Whether the packaged ONNX Runtime has an execution provider, without a model. */
import { requireProvider } from '../ort/execution-providers.ts';
import { loadOrtLibrary } from '../ort/library.ts';

/**
 * The version of the library that has `name`. Throws `GatewayError` (`backend_failed`) that says what to install; whether the
 * provider's device works shows when a model is loaded.
 */
export function checkExecutionProvider(name: string): string {
  const library = loadOrtLibrary();
  requireProvider(library, name);
  return library.version;
}
