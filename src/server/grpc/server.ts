/** The gRPC server: our services, health and reflection on one port. */
import { type AddressInfo, createServer, type Server as Listener } from 'node:net';
import { type MethodDefinition, Server } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import { monotonicMs } from '../../runtime/index.ts';
import { formatAddress } from '../address.ts';
import type { Rpc } from '../rpc.ts';
import { Connections } from '../security/connections.ts';
import { FLUSH_MS, type ServerContext } from '../server-context.ts';
import { protoFiles, protoRoot } from '../wire/schema.ts';
import { credentialsOf } from './credentials.ts';
import { handlerOf } from './handlers.ts';
import { Health } from './health.ts';
import { screening } from './screening.ts';

/** A connection whose other end has gone without a word is noticed after both, in milliseconds. */
const PING_MS = 60_000;
const PING_TIMEOUT_MS = 20_000;

export class GrpcServer {
  readonly #server: Server;
  readonly #listener: Listener;
  readonly #connections: Connections;
  readonly #health: Health;

  constructor(context: ServerContext) {
    const { limits, logger, metrics, security } = context;
    this.#server = new Server({
      // Statistics that nobody could read: its service is not offered.
      'grpc.enable_channelz': 0,
      'grpc.max_receive_message_length': limits.maxBodyBytes,
      'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
      'grpc.max_connection_idle_ms': limits.idleTimeoutMs,
      'grpc.keepalive_time_ms': PING_MS,
      'grpc.keepalive_timeout_ms': PING_TIMEOUT_MS,
      interceptors: [screening(context)],
    });
    this.#connections = new Connections(limits, logger, monotonicMs);
    metrics.watchConnections('grpc', this.#connections);
    // Our own listener, because that of grpc-js takes any number of connections.
    const injector = this.#server.createConnectionInjector(credentialsOf(security.tls, limits.headersTimeoutMs));
    this.#listener = createServer({ noDelay: true }, (socket) => {
      if (this.#connections.admit(socket)) injector.injectConnection(socket);
    });
    const services = [...new Set(context.rpcs.map(({ service }) => service))];
    for (const service of services) {
      const methods = context.rpcs.filter((rpc) => rpc.service === service);
      this.#server.addService(
        Object.fromEntries(methods.map((rpc) => [rpc.name, definition(rpc)])),
        Object.fromEntries(methods.map((rpc) => [rpc.name, handlerOf(rpc, context)])),
      );
    }
    this.#health = new Health(
      context.lifecycle,
      services.map((service) => `lam.v1.${service}`),
    );
    this.#health.addTo(this.#server);
    const described = loadSync([...protoFiles, healthProtoPath], { includeDirs: [protoRoot], keepCase: true });
    new ReflectionService(described).addToServer(this.#server);
  }

  /** Resolves with the `host:port` that was bound; port 0 picks a free one. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#listener.once('error', reject);
      this.#listener.listen(port, host, () => {
        this.#listener.off('error', reject);
        resolve(formatAddress(host, (this.#listener.address() as AddressInfo).port));
      });
    });
  }

  /** Answers that are being written are finished; then every connection is closed. */
  async close(): Promise<void> {
    this.#health[Symbol.dispose]();
    const closed = new Promise((resolve) => this.#listener.close(resolve));
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FLUSH_MS);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#server.forceShutdown();
    // Those that never became a session, for example in the middle of a TLS handshake.
    this.#connections.destroyAll();
    await closed;
  }
}

const identity = (bytes: Buffer): Buffer => bytes;

/** Messages stay bytes: we decode and encode ourselves. */
function definition({ method, kind }: Rpc): MethodDefinition<Buffer, Buffer> {
  return {
    path: method.path,
    requestStream: kind === 'bidi_stream',
    responseStream: kind !== 'unary',
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
}
