/** The labels `model` and `version`: few values, whatever clients name. */
import type { ModelInfo } from '../../runtime/index.ts';

export const MODEL_LABELS = ['model', 'version'] as const;
export type ModelLabels = { readonly model: string; readonly version: string };

/** What is loaded: the only values that the labels take, besides `unknown` and `none`. */
export type LoadedModels = () => readonly Pick<ModelInfo, 'name' | 'version'>[];

/** Named, and not loaded. */
const UNKNOWN = 'unknown';
/** The method asks no model, or the request was turned away before one was chosen. */
const NONE = 'none';

/** `model`: as a client names it, `name` or `name:version`, or as it was chosen; `version`: of the chosen one; both may be empty. */
export function modelLabels(models: LoadedModels, model: string, version: string): ModelLabels {
  if (model === '') return { model: NONE, version: NONE };
  const [name = '', named = ''] = model.split(':', 2);
  const versions = models().filter((loaded) => loaded.name === name);
  const found = versions.find((loaded) => loaded.version === (version || named));
  return { model: versions.length > 0 ? name : UNKNOWN, version: found?.version ?? UNKNOWN };
}
