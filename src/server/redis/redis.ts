/**
 * The connection to Redis: connects again by itself, and answers or fails within a time. Only importer of the client
 * library. While Redis is away a command fails at once; nothing is queued for later, when nobody waits for it any more.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import { createClient, ErrorReply } from 'redis';
import { GatewayError, monotonicMs } from '../../runtime/index.ts';

export type RedisOptions = {
  /** `redis[s]://[user@]host[:port][/database]` */
  readonly url: string;
  /** Undefined: none. */
  readonly password?: string | undefined;
  readonly logger: Logger;
  /** For one command, and for the first connection; in milliseconds. */
  readonly timeoutMs: number;
};

/** Run as one step; its keys have one hash tag, so that it can run in a cluster. */
export type RedisScript = { readonly lua: string; readonly sha1: string };

type Client = ReturnType<typeof createClient>;

/** After a command that timed out, others do not wait for as long, in milliseconds. */
const REST_MS = 1000;
const PING_MS = 2000;
/** A connection on which nothing comes, not even the answer to a ping, is given up after as long, in milliseconds. */
const SILENCE_MS = 5000;
const MAX_RECONNECT_MS = 1000;
const MAX_QUEUED_COMMANDS = 10_000;
const RETRY_AFTER_MS = 1000;

export function redisScript(lua: string): RedisScript {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') };
}

export class Redis implements AsyncDisposable {
  readonly #client: Client;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  #restUntilMs = 0;
  #isDown = false;

  /** Commands fail until {@link connect} was called. */
  constructor({ url, password, logger, timeoutMs }: RedisOptions) {
    this.#logger = logger;
    this.#timeoutMs = timeoutMs;
    this.#client = createClient({
      url,
      ...(password !== undefined && { password }),
      name: 'lam-gateway',
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_QUEUED_COMMANDS,
      pingInterval: PING_MS,
      socket: {
        connectTimeout: SILENCE_MS,
        socketTimeout: SILENCE_MS,
        reconnectStrategy: (retries) => Math.min(50 * 2 ** Math.min(retries, 10), MAX_RECONNECT_MS),
      },
    });
    this.#client.on('error', (err) => this.#markDown(err));
    this.#client.on('ready', () => this.#markUp());
    // A connection that outlived an outage is never ready again, and a gateway that nobody asks sends no command.
    this.#client.on('ping-interval', () => this.#markUp());
  }

  /** Waits for the first connection, but not for long: a gateway can do some of its work without Redis. */
  async connect(): Promise<void> {
    // The client goes on trying until it is closed, which is when this fails.
    const connected = this.#client.connect().then(
      () => {},
      () => {},
    );
    await within(connected, this.#timeoutMs).catch((err) => this.#markDown(err));
  }

  /** Whether Redis answered last time. */
  get isUp(): boolean {
    return !this.#isDown && this.#client.isReady;
  }

  /** Throws `unavailable` when Redis does not answer in time; the command may have been carried out all the same. */
  async run<T>(command: (client: Client) => Promise<T>): Promise<T> {
    if (monotonicMs() < this.#restUntilMs) throw unavailable('Redis did not answer a moment ago');
    try {
      const reply = await within(command(this.#client), this.#timeoutMs);
      this.#markUp();
      return reply;
    } catch (cause) {
      if (cause instanceof Timeout) this.#restUntilMs = monotonicMs() + REST_MS;
      this.#markDown(cause);
      throw unavailable('the store for episodes does not answer', cause);
    }
  }

  /** Sends the text of the script only to a server that has not seen it. */
  runScript(script: RedisScript, key: string, args: readonly string[]): Promise<unknown> {
    const options = { keys: [key], arguments: [...args] };
    return this.run(async (client) => {
      try {
        return await client.evalSha(script.sha1, options);
      } catch (error) {
        if (error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))
          return client.eval(script.lua, options);
        throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#client.isOpen) this.#client.destroy();
  }

  /** Once per outage. Errors of the client hold addresses, never credentials or values. */
  #markDown(err: unknown): void {
    if (!this.#isDown) this.#logger.error({ event: 'redis_down', err });
    this.#isDown = true;
  }

  #markUp(): void {
    if (this.#isDown) this.#logger.info({ event: 'redis_up' });
    this.#isDown = false;
  }
}

class Timeout extends Error {}

function unavailable(message: string, cause?: unknown): GatewayError {
  return new GatewayError('unavailable', message, { retryAfterMs: RETRY_AFTER_MS, cause });
}

async function within<T>(promise: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Timeout(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
    // What a command does after its time is of no interest.
    promise.catch(() => {});
  }
}
