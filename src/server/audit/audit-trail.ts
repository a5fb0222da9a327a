/** The audit log's part in serving: an action is answered once its line counts as written. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { GatewayError, monotonicMs } from '../../runtime/index.ts';
import type { Config } from '../config.ts';
import type { Wrapper } from '../hooks.ts';
import type { PredictHook } from '../predict-hooks.ts';
import type { EndEpisodeRequest, ReportOutcomeRequest, ReportOutcomeResponse } from '../wire/episode-messages.ts';
import { AuditLog, type Compose } from './audit-log.ts';
import { MIN_KEY_BYTES } from './hashes.ts';
import { actionRecord, endRecord, operateRecord, outcomeRecord } from './records.ts';

export type AuditConfig = Pick<
  Config,
  | 'auditFile'
  | 'auditFsync'
  | 'auditFsyncIntervalMs'
  | 'auditMaxBytes'
  | 'auditMaxAgeMs'
  | 'auditMaxFiles'
  | 'auditContent'
  | 'auditKeyFile'
  | 'auditOnError'
>;

export type AuditTrailOptions = { readonly logger: Logger; readonly version: string };

/** A disk that stays full fails every request; the log says so this often, in milliseconds. */
const FAILURE_LOG_INTERVAL_MS = 10_000;

export class AuditTrail implements AsyncDisposable {
  readonly #config: AuditConfig;
  readonly #options: AuditTrailOptions;
  readonly #key: Uint8Array | undefined;
  #log: AuditLog | undefined;
  #failures = 0;
  #loggedAtMs = Number.NEGATIVE_INFINITY;

  /** Throws if the file of the key is not acceptable. */
  constructor(config: AuditConfig, options: AuditTrailOptions) {
    this.#config = config;
    this.#options = options;
    this.#key = config.auditFile === '' || config.auditKeyFile === '' ? undefined : readKey(config.auditKeyFile);
  }

  /** Lines that could not be written, since the start. */
  get failures(): number {
    return this.#failures;
  }

  /** Writes nothing unless it is configured. Throws if the files cannot be written, or are another process's. */
  async start(): Promise<void> {
    const config = this.#config;
    if (config.auditFile === '') return;
    const { logger, version } = this.#options;
    const { log, recovery } = await AuditLog.open({
      path: config.auditFile,
      fsync: config.auditFsync,
      fsyncIntervalMs: config.auditFsyncIntervalMs,
      maxBytes: config.auditMaxBytes,
      maxAgeMs: config.auditMaxAgeMs,
      maxFiles: config.auditMaxFiles,
      key: this.#key,
      about: { gateway: version, pid: process.pid, content: config.auditContent },
      onBackgroundError: (error) => this.#onFailure(error),
    });
    this.#log = log;
    if (recovery !== undefined) {
      logger.warn({ event: 'audit_recovered', file: recovery.file, torn_bytes: recovery.tornBytes });
    }
  }

  /** Comes last, so that a line holds what the client gets. */
  readonly predictHook: PredictHook = {
    name: 'audit',
    complete: async (exchange, call) => {
      await this.#append(actionRecord(exchange, call, this.#withContent));
      return exchange.response;
    },
  };

  /** Comes last, so that what another wrapper answers from memory is not written again. */
  readonly wrapper: Wrapper = {
    name: 'audit',
    around: async (call, message, next) => {
      const answer = await next();
      if (call.rpc === 'ReportOutcome') {
        const exchange = [message as ReportOutcomeRequest, answer as ReportOutcomeResponse] as const;
        await this.#append(outcomeRecord(exchange, call, this.#withContent));
      }
      if (call.rpc === 'EndEpisode') {
        await this.#append(endRecord(message as EndEpisodeRequest, call, this.#withContent));
      }
      if (call.permission === 'operate') await this.#append(operateRecord(call));
      return answer;
    },
  };

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#log?.[Symbol.asyncDispose]();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  get #withContent(): boolean {
    return this.#config.auditContent === 'on';
  }

  async #append(compose: Compose): Promise<void> {
    if (this.#config.auditFile === '') return;
    try {
      if (this.#log === undefined) throw new Error('the audit log is not open yet');
      await this.#log.append(compose);
    } catch (error) {
      this.#onFailure(error);
      if (this.#config.auditOnError === 'continue') return;
      throw new GatewayError('unavailable', 'the audit log cannot be written', { cause: error });
    }
  }

  #onFailure(err: unknown): void {
    this.#failures++;
    const nowMs = monotonicMs();
    if (nowMs - this.#loggedAtMs < FAILURE_LOG_INTERVAL_MS) return;
    this.#loggedAtMs = nowMs;
    this.#options.logger.error({
      event: 'audit_failed',
      failures: this.#failures,
      on_error: this.#config.auditOnError,
      err,
    });
  }
}

function readKey(path: string): Uint8Array {
  const key = readFileSync(path);
  if (key.length < MIN_KEY_BYTES) throw new Error(`${path}: a key of at least ${MIN_KEY_BYTES} bytes is needed`);
  return key;
}
