/** What can be changed while the gateway runs: each part takes its new content, or keeps the old one. */
import type { Logger } from 'pino';
import type { ReloadResult } from '../metrics.ts';

/** `T`: the configuration, as it was read again. */
export interface Reloadable<T> {
  readonly name: string;
  /** Throws if the new content is not acceptable; then nothing has changed. */
  reload(config: T): void | Promise<void>;
}

export type ReloadsOptions<T> = {
  readonly parts: readonly Reloadable<T>[];
  readonly logger: Logger;
  readonly onReload: (part: string, result: ReloadResult) => void;
};

export class Reloads<T> {
  readonly #options: ReloadsOptions<T>;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: ReloadsOptions<T>) {
    this.#options = options;
  }

  /** One after the other, however often it is asked for. Never rejects; resolves with the parts that kept what they had. */
  run(config: T): Promise<readonly string[]> {
    const next = this.#running.then(() => this.#run(config));
    this.#running = next;
    return next;
  }

  async #run(config: T): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const part of this.#options.parts) {
      if (!(await this.report(part.name, () => part.reload(config)))) failed.push(part.name);
    }
    return failed;
  }

  /** Runs one part and tells how it went. False: it kept what it had. */
  async report(part: string, reload: () => void | Promise<void>): Promise<boolean> {
    const { logger, onReload } = this.#options;
    try {
      await reload();
    } catch (err) {
      logger.error({ event: 'reload_failed', part, err });
      onReload(part, 'error');
      return false;
    }
    logger.info({ event: 'reloaded', part });
    onReload(part, 'ok');
    return true;
  }
}
