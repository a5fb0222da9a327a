/** Metrics of the two ports: connections, those that were refused, and the certificate. All are read at scrape time. */
import { type ConnectionLimit, connectionLimits } from '../security/connections.ts';
import type { MetricFactory, Series } from './factory.ts';

/** Of one port; `Connections` is one. */
export type PortConnections = {
  readonly numOpen: number;
  readonly refusals: Readonly<Record<ConnectionLimit, number>>;
};

export type TransportMetricsOptions = {
  /** When the certificate ends, in milliseconds since 1970; undefined: there is no TLS. */
  readonly certificateExpiresMs: () => number | undefined;
  /** Wall-clock time in milliseconds since 1970. */
  readonly wallMs: () => number;
};

export class TransportMetrics {
  readonly #ports = new Map<string, PortConnections>();

  constructor(factory: MetricFactory, { certificateExpiresMs, wallMs }: TransportMetricsOptions) {
    const ports = this.#ports;
    factory.collected('connections', 'Connections that are open, by port.', {
      labels: ['protocol'],
      *read(): Iterable<Series<'protocol'>> {
        for (const [protocol, { numOpen }] of ports) yield [{ protocol }, numOpen];
      },
    });
    factory.collectedCounters(
      'connections_refused_total',
      'Connections closed at once for being over a limit: max_connections, max_connections_per_peer.',
      {
        labels: ['protocol', 'limit'],
        *read(): Iterable<Series<'protocol' | 'limit'>> {
          for (const [protocol, { refusals }] of ports) {
            for (const limit of connectionLimits) yield [{ protocol, limit }, refusals[limit]];
          }
        },
      },
    );
    factory.collected(
      'tls_certificate_remaining_seconds',
      'Until the certificate of the ports ends; below 0 afterwards. No series without TLS.',
      {
        labels: [],
        read: () => {
          const expiresMs = certificateExpiresMs();
          return expiresMs === undefined ? [] : [[{}, (expiresMs - wallMs()) / 1e3]];
        },
      },
    );
  }

  watch(protocol: string, connections: PortConnections): void {
    this.#ports.set(protocol, connections);
  }
}
