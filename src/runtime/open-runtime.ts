/** Loads every model of a directory and answers for them by name. */
import { GatewayError } from './errors.ts';
import { compareVersions, findModelFolders } from './models/repository.ts';
import { type EngineSettings, ServedModel } from './models/served-model.ts';
import type { ModelInfo, Prediction, PredictOptions, Runtime, RuntimeStats } from './runtime.ts';
import type { State } from './types.ts';

export type RuntimeOptions = EngineSettings & {
  /** Holds `<name>/<version>/lam.json` and the files it lists. */
  readonly modelsDir: string;
  /** Answers requests that name no model: `name` or `name:version`. Empty: the first action model by name. */
  readonly defaultModel?: string;
};

/**
 * Loads all model folders, each on an engine thread of its own, and resolves when every one of them has run a step.
 * Throws `GatewayError` (`unavailable`) if there is none, or if one does not load; nothing stays behind then.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const folders = await findModelFolders(options.modelsDir);
  if (folders.length === 0) throw new GatewayError('unavailable', `${options.modelsDir} holds no model folder`);
  const loads = await Promise.allSettled(folders.map((folder) => ServedModel.load(folder, options)));
  const models = loads.flatMap((load) => (load.status === 'fulfilled' ? [load.value] : []));
  const failure = loads.find((load) => load.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(models.map((model) => model[Symbol.asyncDispose]()));
    throw GatewayError.from(failure.reason);
  }
  const runtime = new LoadedModels(models, options.defaultModel ?? '');
  runtime.resolve('');
  return runtime;
}

class LoadedModels implements Runtime {
  readonly #models: readonly ServedModel[];
  readonly #defaultModel: string;

  constructor(models: readonly ServedModel[], defaultModel: string) {
    this.#models = models;
    this.#defaultModel = defaultModel;
  }

  /** `name:version`, or `name` for its newest version, or '' for the default. Throws `GatewayError` (`model_not_found`). */
  resolve(wanted: string): ServedModel {
    const key = wanted === '' ? this.#defaultModel : wanted;
    const found = this.#models
      .filter(({ info }) => info.role === 'action')
      .filter(({ info }) => key === '' || key === info.name || key === `${info.name}:${info.version}`)
      .sort((a, b) => a.info.name.localeCompare(b.info.name) || compareVersions(b.info.version, a.info.version))[0];
    if (found !== undefined) return found;
    const known = this.#models.map(({ info }) => `${info.name}:${info.version}`).join(', ');
    throw new GatewayError(
      'model_not_found',
      `model: ${key === '' ? 'no action model' : key} is not loaded; there is ${known}`,
      {
        field: 'model',
      },
    );
  }

  predictAction(state: State, options: PredictOptions): Promise<Prediction> {
    return this.resolve(options.model).predictAction(state, options);
  }

  models(): readonly ModelInfo[] {
    return this.#models.map((model) => model.info);
  }

  unreadyReason(): string | undefined {
    const unready = this.models().find((info) => info.state !== 'ready');
    return unready === undefined ? undefined : `model ${unready.name}:${unready.version}: ${unready.reason}`;
  }

  async stats(): Promise<RuntimeStats> {
    const all = await Promise.all(this.#models.map((model) => model.engine.stats()));
    const sum = (pick: (stats: RuntimeStats) => number) => all.reduce((total, stats) => total + pick(stats), 0);
    return {
      activeRequests: sum((stats) => stats.activeRequests),
      slotsInUse: sum((stats) => stats.slotsInUse),
      nativeHandles: sum((stats) => stats.nativeHandles),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#models.map((model) => model[Symbol.asyncDispose]()));
  }
}
