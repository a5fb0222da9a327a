/** The endpoints of a client: which one a call goes to, and how each of them is. */
import type { Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { HEALTHY, type Health, type HealthEvent, isProbeDue, nextHealth } from './endpoint-health.ts';
import type { Connect, Transport } from './transport.ts';

export type Endpoint = { readonly address: string; readonly transport: Transport };

export type EndpointsOptions = {
  readonly addresses: readonly string[];
  readonly connect: Connect;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Probes carry the same credentials as calls. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
};

type Entry = Endpoint & { health: Health; isProbed: boolean };

const PROBE_TIMEOUT_MS = 2000;

export class Endpoints implements Disposable {
  readonly #entries: readonly Entry[];
  readonly #options: EndpointsOptions;
  readonly #closed = new AbortController();

  constructor(options: EndpointsOptions) {
    this.#options = options;
    this.#entries = options.addresses.map((address) => ({
      address,
      transport: options.connect(address),
      health: HEALTHY,
      isProbed: false,
    }));
  }

  /**
   * The endpoint for the next attempt of a call. Equal keys prefer the same one while it is well, so that an episode
   * finds its prompt's beginning computed already; different keys spread evenly. What was tried in this call comes after
   * what was not, what is down after everything else.
   */
  pick(key: string, tried: ReadonlySet<Endpoint>): Endpoint {
    this.#probeWhatIsDue();
    const order = this.#entries
      .map((entry) => ({ entry, rank: rankOf(entry, tried), weight: weightOf(entry.address, key) }))
      .sort((a, b) => a.rank - b.rank || b.weight - a.weight);
    const [first] = order;
    if (first === undefined) throw new RangeError('a client needs an endpoint');
    return first.entry;
  }

  /** Whether there is an endpoint that is not down and was not tried. */
  hasOther(tried: ReadonlySet<Endpoint>): boolean {
    return this.#entries.some((entry) => rankOf(entry, tried) === 0);
  }

  /** What came of a call. */
  report(endpoint: Endpoint, event: 'answered' | 'failed'): void {
    const entry = this.#entries.find((candidate) => candidate === endpoint);
    if (entry === undefined) return;
    this.#change(entry, event);
    this.#probeWhatIsDue();
  }

  /** By address. */
  health(): Readonly<Record<string, Health['type']>> {
    return Object.fromEntries(this.#entries.map(({ address, health }) => [address, health.type]));
  }

  [Symbol.dispose](): void {
    this.#closed.abort();
    for (const { transport } of this.#entries) transport[Symbol.dispose]();
  }

  /** Probes ride on calls: an idle client asks nothing, and neither does one that has no choice. */
  #probeWhatIsDue(): void {
    if (this.#entries.length < 2 || this.#closed.signal.aborted) return;
    const nowMs = this.#options.clock.nowMs();
    for (const entry of this.#entries) {
      if (!entry.isProbed && isProbeDue(entry.health, nowMs)) void this.#probe(entry);
    }
  }

  async #probe(entry: Entry): Promise<void> {
    entry.isProbed = true;
    const { clock, headers } = this.#options;
    using deadline = new Deadline({ clock, timeoutMs: PROBE_TIMEOUT_MS, signal: this.#closed.signal });
    let isReady = false;
    try {
      const attempt = { timeoutMs: PROBE_TIMEOUT_MS, signal: deadline.signal, headers: await headers() };
      isReady = await entry.transport.isReady(attempt);
    } catch {
      // Why it does not answer makes no difference: it is not ready.
    }
    entry.isProbed = false;
    this.#change(entry, isReady ? 'probe_ready' : 'probe_failed');
  }

  #change(entry: Entry, event: HealthEvent): void {
    const { clock, random } = this.#options;
    entry.health = nextHealth(entry.health, event, { nowMs: clock.nowMs(), random: random() });
  }
}

/** Lower is better. */
function rankOf(entry: Entry, tried: ReadonlySet<Endpoint>): number {
  return (
    (entry.health.type === 'down' ? 4 : 0) + (tried.has(entry) ? 2 : 0) + (entry.health.type === 'suspect' ? 1 : 0)
  );
}

/** Rendezvous hashing: when an endpoint goes, only its own keys move. FNV-1a with the finish of MurmurHash3. */
function weightOf(address: string, key: string): number {
  let hash = 0x811c9dc5;
  for (const char of `${address}\0${key}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
