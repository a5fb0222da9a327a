/** Models without a model, for tests of the registry: they are loaded, fail and close when a test says so. */
import assert from 'node:assert/strict';
import { MemoryLedger } from '../../src/runtime/models/memory-ledger.ts';
import { ModelRegistry, type RegistryOptions } from '../../src/runtime/models/registry.ts';
import type { LoadableModel, ModelDescription, ModelRole, ServedModel } from '../../src/runtime/models/served-model.ts';
import type { RuntimeStats } from '../../src/runtime/runtime.ts';

export class FakeModel implements ServedModel {
  /** Which load of its version it comes from, counted from 1. */
  readonly generation: number;
  readonly name: string;
  isClosed = false;
  unready = '';

  constructor(name: string, generation: number) {
    this.name = name;
    this.generation = generation;
  }

  status() {
    return this.unready === ''
      ? ({ state: 'ready', reason: '' } as const)
      : ({ state: 'restarting', reason: this.unready } as const);
  }

  async stats(): Promise<RuntimeStats> {
    return { activeRequests: 0, slotsInUse: 0, nativeHandles: this.isClosed ? 0 : 1 };
  }

  async close(): Promise<void> {
    assert.equal(this.isClosed, false, `${this.name} is closed twice`);
    this.isClosed = true;
  }
}

export type FakeFolders = Readonly<Record<string, { readonly role?: ModelRole; readonly bytes?: number }>>;

/** A registry over folders `name:version`, with everything a test needs to steer and to watch it. */
export class FakeWorld {
  readonly registry: ModelRegistry<FakeModel>;
  readonly ledger: MemoryLedger;
  /** All that were started, in order. */
  readonly models: FakeModel[] = [];
  /** `name:version state`, in order. */
  readonly changes: string[] = [];
  /** Called before a model starts; may throw, or wait. */
  onStart: (key: string, signal: AbortSignal) => void | Promise<void> = () => {};

  constructor(folders: FakeFolders, options: Partial<RegistryOptions<FakeModel>> & { maxBytes?: number } = {}) {
    const { maxBytes = 0, ...others } = options;
    this.ledger = new MemoryLedger(maxBytes);
    this.registry = new ModelRegistry<FakeModel>({
      open: async (name, version) => this.#open(folders, name, version),
      reserve: (memory) => this.ledger.reserve(memory),
      random: () => 0.5,
      onChange: ({ name, version }, state) => this.changes.push(`${name}:${version} ${state}`),
      ...others,
    });
  }

  #open(folders: FakeFolders, name: string, version: string): LoadableModel<FakeModel> {
    const key = `${name}:${version}`;
    const folder = folders[key];
    assert.ok(folder !== undefined, `there is no folder ${key}`);
    const { role = 'action', bytes = 1 } = folder;
    return {
      description: aDescription({ name, version, role }),
      memory: { name, version, weightsBytes: bytes, kvBytes: 0, prefixStoreBytes: 0, totalBytes: bytes },
      start: async (signal) => {
        await this.onStart(key, signal);
        const model = new FakeModel(key, this.models.filter((other) => other.name === key).length + 1);
        this.models.push(model);
        return model;
      },
    };
  }

  async load(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const [name = '', version = ''] = key.split(':');
      await this.registry.load(name, version);
    }
  }

  /** Which model a request would get, for a moment. */
  pick(model: string, stickyKey = '', role: ModelRole = 'action'): string {
    using lease = this.registry.lease({ model, role, stickyKey });
    return lease.model.name;
  }
}

export function aDescription(spec: Partial<ModelDescription> = {}): ModelDescription {
  return {
    name: 'm',
    version: '1',
    role: 'action',
    dialect: 'compact',
    contextLength: 64,
    parameters: 1,
    quantization: 'none',
    ...spec,
  };
}
