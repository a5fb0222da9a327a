/** Counts the connections of one port, in all and by address, and closes at once what is over the limit. */
import type { Server, Socket } from 'node:net';
import type { Logger } from 'pino';

export type ConnectionLimits = { readonly maxConnections: number; readonly maxConnectionsPerPeer: number };

/** The limit that a connection was over. */
export const connectionLimits = ['max_connections', 'max_connections_per_peer'] as const;
export type ConnectionLimit = (typeof connectionLimits)[number];

/** What is refused is told once in as many milliseconds: it comes in floods. */
const REPORT_INTERVAL_MS = 10_000;

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #open = new Set<Socket>();
  readonly #byAddress = new Map<string, number>();
  readonly #refusals: Record<ConnectionLimit, number> = { max_connections: 0, max_connections_per_peer: 0 };
  /** Since the last report. */
  #refused = 0;
  #reportedMs = Number.NEGATIVE_INFINITY;

  /** `now` in milliseconds on any scale. */
  constructor(limits: ConnectionLimits, logger: Logger, now: () => number) {
    this.#limits = limits;
    this.#logger = logger;
    this.#now = now;
  }

  get numOpen(): number {
    return this.#open.size;
  }

  /** Since the start, by the limit. */
  get refusals(): Readonly<Record<ConnectionLimit, number>> {
    return this.#refusals;
  }

  /** False: it was one too many and is closed. */
  admit(socket: Socket): boolean {
    // Empty when it is gone already.
    const address = socket.remoteAddress ?? '';
    const ofAddress = this.#byAddress.get(address) ?? 0;
    const limit = this.#limitFor(ofAddress);
    if (limit !== undefined) {
      socket.destroy();
      this.#refusals[limit]++;
      this.#report(address);
      return false;
    }
    this.#open.add(socket);
    this.#byAddress.set(address, ofAddress + 1);
    socket.once('close', () => this.#release(socket, address));
    return true;
  }

  /** Has a server admit what connects to it. What is refused reaches the server destroyed, which it takes for a client that left. */
  guard(server: Server): void {
    server.prependListener('connection', (socket) => void this.admit(socket));
  }

  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  /** The one that another connection would be over, of an address that has so many. */
  #limitFor(ofAddress: number): ConnectionLimit | undefined {
    const { maxConnections, maxConnectionsPerPeer } = this.#limits;
    if (this.#open.size >= maxConnections) return 'max_connections';
    return ofAddress >= maxConnectionsPerPeer ? 'max_connections_per_peer' : undefined;
  }

  #release(socket: Socket, address: string): void {
    this.#open.delete(socket);
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left > 0) this.#byAddress.set(address, left);
    else this.#byAddress.delete(address);
  }

  #report(address: string): void {
    this.#refused++;
    if (this.#now() - this.#reportedMs < REPORT_INTERVAL_MS) return;
    this.#logger.warn({ event: 'connections_refused', count: this.#refused, latest_address: address });
    this.#refused = 0;
    this.#reportedMs = this.#now();
  }
}
