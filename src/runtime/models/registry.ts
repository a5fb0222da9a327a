/**
 * Owns which versions of which models are loaded, and their states. Loads, reloads and unloads while requests run: a request
 * holds a lease on its version, and no version is closed under one. Knows nothing of folders, threads or tokens.
 */
import { setMaxListeners } from 'node:events';
import { GatewayError } from '../errors.ts';
import type { ModelInfo, ModelLabel, ModelMemory, RuntimeStats } from '../runtime.ts';
import { Leases } from './leases.ts';
import { compareEntries, Routes, type RoutesOptions, type Wanted } from './routes.ts';
import { Serial } from './serial.ts';
import type { LoadableModel, ModelDescription, ServedModel } from './served-model.ts';

export type RegistryOptions<M extends ServedModel> = RoutesOptions & {
  /** Finds and verifies a version. Throws `model_not_found`, or `unavailable` with what is wrong with it. */
  readonly open: (name: string, version: string) => Promise<LoadableModel<M>>;
  /** Takes the memory of a model that is to be started; disposing gives it back. Throws `failed_precondition` if there is none. */
  readonly reserve: (memory: ModelMemory) => Disposable;
  /** Called after each change of a version's state, with how it is now; `unloaded`: it is not there any more. */
  readonly onChange?: (model: ModelDescription, state: ModelInfo['state'] | 'unloaded', reason: string) => void;
};

type Entry<M extends ServedModel> =
  | { readonly type: 'loading'; readonly description: ModelDescription }
  | { readonly type: 'failed'; readonly description: ModelDescription; readonly reason: string }
  | { readonly type: 'serving' | 'draining'; readonly description: ModelDescription; readonly leases: Leases<M> };

const RETRY_AFTER_MS = 1_000;

export class ModelRegistry<M extends ServedModel> implements AsyncDisposable {
  readonly #options: RegistryOptions<M>;
  readonly #routes: Routes;
  /** By `name:version`. */
  readonly #entries = new Map<string, Entry<M>>();
  /** The same in order; undefined since they changed. Each request asks several times, and comparing versions is dear. */
  #ordered: readonly Entry<M>[] | undefined;
  /** Of serving versions, until their state or the labels change: each request asks for all of them. */
  #infos = new WeakMap<Entry<M>, ModelInfo>();
  /** Drained, because another one was loaded under their name and version. */
  readonly #replaced = new Set<Leases<M>>();
  readonly #serial = new Serial();
  /** Aborted when this is disposed of: loads under way end. */
  readonly #closing = new AbortController();

  constructor(options: RegistryOptions<M>) {
    this.#options = options;
    this.#routes = new Routes(options);
    // One per load under way, however many there are.
    setMaxListeners(0, this.#closing.signal);
  }

  /** Every version that is loaded, being loaded, or could not be, by name and version. */
  models(): readonly ModelInfo[] {
    return this.#versions().map((entry) => this.#info(entry));
  }

  /** Undefined when every loaded version answers; else the reason why not. A version that never was there is no reason. */
  unreadyReason(): string | undefined {
    const serving = this.#versions().filter(({ type }) => type === 'serving');
    if (serving.length === 0) return 'no model is loaded';
    const unready = serving.map((entry) => this.#info(entry)).find(({ state }) => state !== 'ready');
    return unready && `model ${unready.name}:${unready.version}: ${unready.reason}`;
  }

  async stats(): Promise<RuntimeStats> {
    const all = await Promise.all(this.#alive().map(({ model }) => model.stats()));
    const sum = (pick: (stats: RuntimeStats) => number) => all.reduce((total, stats) => total + pick(stats), 0);
    return {
      activeRequests: sum((stats) => stats.activeRequests),
      slotsInUse: sum((stats) => stats.slotsInUse),
      nativeHandles: sum((stats) => stats.nativeHandles),
    };
  }

  /**
   * The right to use a model; it is not closed before the lease is disposed of. Throws `model_not_found`, or `unavailable`
   * where the only choice is a version that does not serve.
   */
  lease(wanted: Wanted): Disposable & { readonly model: M } {
    const entry = this.#routes.resolve(wanted, this.#versions());
    wanted.onRoute?.({ name: entry.description.name, version: entry.description.version });
    if (entry.type === 'serving') return entry.leases.lease();
    const { name, version, reason } = this.#info(entry);
    throw new GatewayError('unavailable', `model ${name}:${version}: ${reason}`, { retryAfterMs: RETRY_AFTER_MS });
  }

  /** See `Runtime.loadModel`. A version that it replaces is drained after the promise has resolved. */
  load(name: string, version: string): Promise<ModelInfo> {
    const key = `${name}:${version}`;
    return this.#serial.run(key, async () => {
      const loadable = await this.#options.open(name, version);
      const { description } = loadable;
      const before = this.#entries.get(key);
      const isServing = before?.type === 'serving';
      if (!isServing) this.#enter(key, { type: 'loading', description });
      try {
        const entry = { type: 'serving', description, leases: await this.#start(loadable) } as const;
        this.#enter(key, entry);
        if (isServing) this.#retire(key, before.leases);
        return this.#info(entry);
      } catch (thrown) {
        const error = GatewayError.from(thrown);
        if (!isServing) this.#enter(key, { type: 'failed', description, reason: error.message });
        throw error;
      }
    });
  }

  async #start(loadable: LoadableModel<M>): Promise<Leases<M>> {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    const memory = this.#options.reserve(loadable.memory);
    try {
      return new Leases(await loadable.start(signal), memory);
    } catch (error) {
      memory[Symbol.dispose]();
      throw error;
    }
  }

  /** See `Runtime.unloadModel`. */
  unload(name: string, version: string): Promise<void> {
    const key = `${name}:${version}`;
    return this.#serial.run(key, async () => {
      const entry = this.#entries.get(key);
      if (entry === undefined) throw this.#notLoaded(name, version);
      if (entry.type === 'serving') {
        const use = this.#routes.useOf(entry, this.#versions());
        if (use !== undefined) throw new GatewayError('failed_precondition', use);
        this.#enter(key, { ...entry, type: 'draining' });
        await entry.leases.close();
      }
      this.#entries.delete(key);
      this.#ordered = undefined;
      this.#options.onChange?.(entry.description, 'unloaded', '');
    });
  }

  /** See `Runtime.setLabel`. */
  setLabel(label: ModelLabel): void {
    this.#routes.setLabel(label, this.#versions());
    this.#infos = new WeakMap();
  }

  /** Ends loads under way, lets every model finish what it has, and closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#serial.idle();
    await Promise.all(this.#alive().map((leases) => leases.close()));
    this.#entries.clear();
    this.#ordered = undefined;
  }

  /** Later work on this version waits for the drain; who asked for the load does not. */
  #retire(key: string, leases: Leases<M>): void {
    this.#replaced.add(leases);
    void this.#serial.run(key, async () => {
      await leases.close();
      this.#replaced.delete(leases);
    });
  }

  #info(entry: Entry<M>): ModelInfo {
    const known = this.#infos.get(entry);
    const status = entry.type === 'serving' ? entry.leases.model.status() : undefined;
    if (known !== undefined && known.state === status?.state && known.reason === status.reason) return known;
    const info = this.#createInfo(entry);
    if (status !== undefined) this.#infos.set(entry, info);
    return info;
  }

  #createInfo(entry: Entry<M>): ModelInfo {
    const { description, type } = entry;
    const labels = this.#routes.labelsOf(description).map(({ label, share }) => ({ label, share }));
    switch (type) {
      case 'serving':
        return { ...description, ...entry.leases.model.status(), labels };
      case 'failed':
        return { ...description, state: type, reason: `it could not be loaded: ${entry.reason}`, labels };
      case 'loading':
        return { ...description, state: type, reason: 'it is being loaded', labels };
      case 'draining':
        return { ...description, state: type, reason: 'it is being unloaded', labels };
    }
  }

  #enter(key: string, entry: Entry<M>): void {
    this.#entries.set(key, entry);
    this.#ordered = undefined;
    const { state, reason } = this.#info(entry);
    this.#options.onChange?.(entry.description, state, reason);
  }

  /** Names the field to blame: the version, where there are others of the name. */
  #notLoaded(name: string, version: string): GatewayError {
    const field = this.models().some((model) => model.name === name) ? 'version' : 'name';
    return new GatewayError('model_not_found', `${field}: ${name}:${version} is not loaded`, { field });
  }

  #alive(): readonly Leases<M>[] {
    const entered = [...this.#entries.values()].flatMap((entry) => ('leases' in entry ? [entry.leases] : []));
    return [...entered, ...this.#replaced];
  }

  #versions(): readonly Entry<M>[] {
    this.#ordered ??= [...this.#entries.values()].sort(compareEntries);
    return this.#ordered;
  }
}
