/** grpc.health.v1, for the server as a whole ('') and for each service. */
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Lifecycle } from '../lifecycle.ts';

/** How soon a watcher hears that an engine has stopped or recovered; phases are told at once. */
const POLL_MS = 500;

export class Health implements Disposable {
  readonly #lifecycle: Lifecycle;
  readonly #services: readonly string[];
  readonly #health: HealthImplementation;
  readonly #timer: NodeJS.Timeout;
  #serving = false;

  constructor(lifecycle: Lifecycle, serviceNames: readonly string[]) {
    this.#lifecycle = lifecycle;
    this.#services = ['', ...serviceNames];
    this.#health = new HealthImplementation(
      Object.fromEntries(this.#services.map((service) => [service, 'NOT_SERVING' as const])),
    );
    lifecycle.onChange(this.#update);
    this.#timer = setInterval(this.#update, POLL_MS).unref();
  }

  addTo(server: Server): void {
    this.#health.addToServer(server);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  readonly #update = (): void => {
    const serving = this.#lifecycle.unreadyReason() === undefined;
    if (serving === this.#serving) return;
    this.#serving = serving;
    for (const service of this.#services) this.#health.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING');
  };
}
