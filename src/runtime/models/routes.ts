/** Owns the decision which version answers a request: names, labels, defaults. Pure: chance is an argument. */
import { GatewayError, invalid } from '../errors.ts';
import type { ModelLabel, RequestOptions } from '../runtime.ts';
import { type Label, LabelTable } from './label-table.ts';
import { compareModels } from './repository.ts';
import type { ModelDescription, ModelRole } from './served-model.ts';

export type RoutesOptions = {
  /** What answers requests that name no model, by role: `name`, `name:version` or `name:label`. Default: the first by name. */
  readonly defaults?: Partial<Readonly<Record<ModelRole, string>>>;
  /** A number in 0..1; decides for requests without a sticky key. */
  readonly random: () => number;
};

/** What a request asks for. */
export type Wanted = {
  /** `name`, `name:version`, `name:label`, or empty for the role's default. */
  readonly model: string;
  readonly role: ModelRole;
  readonly stickyKey?: string;
  /** See `RequestOptions`. */
  readonly onRoute?: RequestOptions['onRoute'] | undefined;
};

/** A version that may be chosen; rather one that serves. */
export type Version = {
  readonly type: 'loading' | 'failed' | 'serving' | 'draining';
  readonly description: ModelDescription;
};

export class Routes {
  readonly #options: RoutesOptions;
  /** By model name. */
  readonly #labels = new Map<string, LabelTable>();

  constructor(options: RoutesOptions) {
    this.#options = options;
  }

  /** Those that point at a version. */
  labelsOf({ name, version }: ModelDescription): readonly Label[] {
    return (this.#labels.get(name)?.all ?? []).filter((label) => label.version === version);
  }

  /** See `Runtime.setLabel`; `versions`: all there are, in order. */
  setLabel({ name, label, version, share }: ModelLabel, versions: readonly Version[]): void {
    const own = versions.filter(({ description }) => description.name === name);
    if (own.length === 0) throw notFound('name', `${name} is not loaded`);
    const labels = this.#labels.get(name) ?? new LabelTable();
    this.#labels.set(name, labels);
    if (version === '') {
      labels.remove(label);
      return;
    }
    if (!own.some(({ type, description }) => type === 'serving' && description.version === version)) {
      throw notFound('version', `${name}:${version} is not loaded`);
    }
    if (own.some(({ description }) => description.version === label)) {
      throw invalid('label', `${name} has a version of that name`);
    }
    labels.set({ label, version, share });
  }

  /** One of `versions`, whether it serves or not. Throws `model_not_found`. */
  resolve<V extends Version>({ model, role, stickyKey }: Wanted, versions: readonly V[]): V {
    const ofRole = versions.filter(({ description }) => description.role === role);
    const wanted = model || this.#defaultOf(role, ofRole);
    const [name = '', tag] = wanted.split(':', 2);
    const named = ofRole.filter(({ description }) => description.name === name);
    const labels = this.#labels.get(name);
    const version =
      tag === undefined
        ? labels?.choose(stickyKey || String(this.#options.random()))
        : (labels?.get(tag)?.version ?? tag);
    const chosen = named.find(({ description }) => description.version === version);
    const found = chosen ?? (tag === undefined ? unlabelled(named, labels) : undefined);
    if (found !== undefined) return found;
    const there = ofRole.length === 0 ? 'none' : ofRole.map(keyOf).join(', ');
    throw notFound('model', `no ${role} model ${wanted === '' ? '' : `${wanted} `}is loaded; there is ${there}`);
  }

  /** Why requests need a version, or undefined if they would find what they ask for without it. */
  useOf(version: Version, versions: readonly Version[]): string | undefined {
    const { name, role } = version.description;
    const key = keyOf(version);
    const [label] = this.labelsOf(version.description);
    if (label !== undefined) return `${key} is what the label ${label.label} points at`;
    const others = versions.filter(
      ({ type, description }) => type === 'serving' && description.role === role && description !== version.description,
    );
    const configured = this.#options.defaults?.[role] ?? '';
    const isOnlyOfName = !others.some(({ description }) => description.name === name);
    const isConfigured = configured === key || (configured === name && isOnlyOfName);
    // Agents that name no model want an action.
    const isLast = configured === '' && role === 'action' && others.length === 0;
    return isConfigured || isLast ? `${key} is the default ${role} model` : undefined;
  }

  #defaultOf(role: ModelRole, versions: readonly Version[]): string {
    const configured = this.#options.defaults?.[role] ?? '';
    const first = versions.find(({ type }) => type === 'serving') ?? versions[0];
    return configured || (first?.description.name ?? '');
  }
}

/** In the order of what is described. */
export function compareEntries(a: Version, b: Version): number {
  return compareModels(a.description, b.description);
}

/** Where requests go that no label has a share in: the newest version that serves, and rather one without a share. */
function unlabelled<V extends Version>(versions: readonly V[], labels: LabelTable | undefined): V | undefined {
  const serving = versions.filter(({ type }) => type === 'serving');
  const shared = new Set(labels?.all.filter(({ share }) => share > 0).map(({ version }) => version));
  const free = serving.filter(({ description }) => !shared.has(description.version));
  return free.at(-1) ?? serving.at(-1) ?? versions.at(-1);
}

function keyOf({ description: { name, version } }: Version): string {
  return `${name}:${version}`;
}

function notFound(field: string, problem: string): GatewayError {
  return new GatewayError('model_not_found', `${field}: ${problem}`, { field });
}
