/** Opens the runtime over a directory of models: loads what is there, and answers by name. */
import { GatewayError } from './errors.ts';
import { LoadedRuntime } from './loaded-runtime.ts';
import { MemoryLedger } from './models/memory-ledger.ts';
import { type AnyModel, openModel } from './models/open-model.ts';
import { ModelRegistry } from './models/registry.ts';
import { findModelFolder, findModelFolders } from './models/repository.ts';
import type { EngineSettings } from './models/settings.ts';
import type { Runtime } from './runtime.ts';
import { ThreadPool } from './worker/thread-pool.ts';

export type RuntimeOptions = EngineSettings & {
  /** Holds `<name>/<version>/` with a lam.json, or as onnxruntime-genai's model builder wrote it. */
  readonly modelsDir: string;
  /** Answers requests that name no model: `name`, `name:version` or `name:label`. Empty: the first action model by name. */
  readonly defaultModel?: string;
  /** The same for plans; empty: the first plan model by name. */
  readonly planModel?: string;
  /** Scores actions and orders candidates; empty: the first reward model by name. */
  readonly rewardModel?: string;
  /** What all models together may take, weights, KV and prefix stores; 0 (default): no ceiling. */
  readonly maxMemoryBytes?: number;
};

/**
 * Loads all model folders, each on a thread of its own, and resolves when every one of them has answered. Throws
 * `GatewayError` (`unavailable`) if there is none, or what is wrong with one that does not load; nothing stays behind then.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { modelsDir, defaultModel = '', planModel = '', rewardModel = '', maxMemoryBytes = 0, observer } = options;
  const folders = await findModelFolders(modelsDir);
  if (folders.length === 0) throw new GatewayError('unavailable', `${modelsDir} holds no model folder`);
  const ledger = new MemoryLedger(maxMemoryBytes);
  const pool = new ThreadPool();
  const context = { settings: options, pool };
  const registry = new ModelRegistry<AnyModel>({
    open: async (name, version) => openModel(await findModelFolder(modelsDir, name, version), context),
    reserve: (memory) => ledger.reserve(memory),
    defaults: { action: defaultModel, plan: planModel, reward: rewardModel },
    random: Math.random,
    onChange: ({ name: model, version }, state, reason) => observer?.onModelState?.({ model, version, state, reason }),
  });
  const loads = await Promise.allSettled(folders.map(({ name, version }) => registry.load(name, version)));
  try {
    for (const load of loads) if (load.status === 'rejected') throw load.reason;
    for (const [role, model] of [
      ['action', defaultModel],
      ['plan', planModel],
      ['reward', rewardModel],
    ] as const) {
      // Without plans and rewards a gateway can do; a name that leads nowhere is a mistake in any case.
      if (role === 'action' || model !== '') registry.lease({ model: '', role })[Symbol.dispose]();
    }
    return new LoadedRuntime({ registry, ledger, pool });
  } catch (thrown) {
    await registry[Symbol.asyncDispose]();
    await pool[Symbol.asyncDispose]();
    throw GatewayError.from(thrown);
  }
}
