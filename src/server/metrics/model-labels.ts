/** The labels `model` and `version`: few values, whatever clients name. */
import type { ModelInfo } from '../../runtime/index.ts';

export const MODEL_LABELS = ['model', 'version'] as const;
export type ModelLabels = { readonly model: string; readonly version: string };

/** What is loaded: the only values that the labels take, besides `unknown`. */
export type LoadedModels = () => readonly Pick<ModelInfo, 'name' | 'version'>[];

const UNKNOWN = 'unknown';

/** `model`: as a client or an answer names it, `name` or `name:version`; `version`: of an answer, or empty. */
export function modelLabels(models: LoadedModels, model: string, version: string): ModelLabels {
  const [name = '', named = ''] = model.split(':', 2);
  const versions = models().filter((loaded) => loaded.name === name);
  const found = versions.find((loaded) => loaded.version === (version || named));
  return { model: versions.length > 0 ? name : UNKNOWN, version: found?.version ?? UNKNOWN };
}
