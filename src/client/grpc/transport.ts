/** The gRPC transport, over grpc-js. */
import {
  type CallOptions,
  type ChannelCredentials,
  Client,
  credentials,
  Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import { LamClientError } from '../errors.ts';
import type { Method } from '../methods.ts';
import type { Attempt, Connect, Transport } from '../transport.ts';
import { errorOfStatus } from './errors.ts';
import { codecOf } from './schema.ts';

export type GrpcTransportOptions = {
  /** Default: TLS with Node's own roots for `https://` addresses, plain text for the others. */
  readonly credentials?: ChannelCredentials;
  /** Largest answer, in bytes. Default 4 MiB. */
  readonly maxResponseBytes?: number;
};

/** Addresses are `host:port`, `http://host:port`, or `https://host:port` for TLS. */
export function grpcTransport(options: GrpcTransportOptions = {}): Connect {
  return (address) => new GrpcTransport(address, options);
}

const DEFAULT_MAX_RESPONSE_BYTES = 4 << 20;

const identity = (bytes: Buffer): Buffer => bytes;

class GrpcTransport implements Transport {
  readonly #client: Client;

  constructor(address: string, options: GrpcTransportOptions) {
    const [, scheme, target = ''] = /^(?:(https?):\/\/)?([^/]+)\/?$/.exec(address) ?? [];
    if (target === '') throw new TypeError(`${address}: expected host:port`);
    const byDefault = scheme === 'https' ? credentials.createSsl() : credentials.createInsecure();
    this.#client = new Client(target, options.credentials ?? byDefault, {
      // Repeats are ours: they know what is safe, and which endpoint is next.
      'grpc.enable_retries': 0,
      'grpc.max_receive_message_length': options.maxResponseBytes ?? DEFAULT_MAX_RESPONSE_BYTES,
      // An endpoint that is back should be noticed by the next probe.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2000,
    });
  }

  unary(method: Method, request: object, attempt: Attempt): Promise<object> {
    const { path, encode, decode } = codecOf(method);
    return this.#unary(path, encode(request), attempt).then(decode);
  }

  async *serverStream(method: Method, request: object, attempt: Attempt): AsyncGenerator<object> {
    const { path, encode, decode } = codecOf(method);
    const call = this.#client.makeServerStreamRequest(
      path,
      identity,
      identity,
      encode(request),
      metadataOf(attempt),
      optionsOf(attempt),
    );
    yield* received(call, attempt, decode);
  }

  async *bidiStream(method: Method, requests: AsyncIterable<object>, attempt: Attempt): AsyncGenerator<object> {
    const { path, encode, decode } = codecOf(method);
    const call = this.#client.makeBidiStreamRequest(path, identity, identity, metadataOf(attempt), optionsOf(attempt));
    let failure: unknown;
    const send = async () => {
      try {
        for await (const request of requests) {
          if (!call.write(encode(request))) await new Promise((resolve) => call.once('drain', resolve));
        }
        call.end();
      } catch (thrown) {
        failure = thrown;
        call.cancel();
      }
    };
    void send();
    try {
      yield* received(call, attempt, decode);
    } catch (thrown) {
      // A source of messages that fails is why the call was cancelled.
      throw failure ?? thrown;
    }
  }

  /** grpc.health.v1.Health/Check of the whole server. Both messages are so small that they are spelled here. */
  async isReady(attempt: Attempt): Promise<boolean> {
    const response = await this.#unary('/grpc.health.v1.Health/Check', Buffer.alloc(0), attempt);
    return response.equals(SERVING);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }

  #unary(path: string, bytes: Buffer, attempt: Attempt): Promise<Buffer> {
    const { promise, done } = callback(attempt);
    const [metadata, options] = [metadataOf(attempt), optionsOf(attempt)];
    const call = this.#client.makeUnaryRequest(path, identity, identity, bytes, metadata, options, done);
    return cancelledWith(attempt.signal, call, promise);
  }
}

/** `status` (field 1, an enum) is SERVING (1). */
const SERVING = Buffer.from([0x08, 0x01]);

type Cancellable = { cancel(): void };

function callback({ signal }: Attempt) {
  let done: (error: ServiceError | null, response?: Buffer) => void = () => {};
  const promise = new Promise<Buffer>((resolve, reject) => {
    done = (error, response) => {
      if (error === null && response !== undefined) resolve(response);
      else reject(failureOf(error, signal));
    };
  });
  return { promise, done };
}

async function cancelledWith<T>(signal: AbortSignal, call: Cancellable, promise: Promise<T>): Promise<T> {
  const cancel = () => call.cancel();
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

type Incoming = AsyncIterable<Buffer> &
  Cancellable & { on(event: 'status', listener: (status: StatusObject) => void): unknown };

/** The messages of a stream. A consumer that stops early cancels the call. */
async function* received(
  call: Incoming,
  { signal }: Attempt,
  decode: (bytes: Uint8Array) => object,
): AsyncGenerator<object> {
  const cancel = () => call.cancel();
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    for await (const bytes of call) yield decode(bytes);
  } catch (thrown) {
    throw thrown instanceof LamClientError ? thrown : failureOf(thrown as ServiceError, signal);
  } finally {
    signal.removeEventListener('abort', cancel);
    call.cancel();
  }
}

function failureOf(error: ServiceError | null, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return error === null ? new LamClientError('invalid_response', 'no message came back') : errorOfStatus(error);
}

function metadataOf({ headers }: Attempt): Metadata {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
  return metadata;
}

function optionsOf({ timeoutMs }: Attempt): CallOptions {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}
