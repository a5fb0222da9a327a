/** The gRPC server: our services, health and reflection on one port. */
import { type MethodDefinition, Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { protoPath as healthProtoPath } from 'grpc-health-check';
import { formatAddress } from '../address.ts';
import { FLUSH_MS, type ServerContext } from '../server-context.ts';
import { protoFiles, protoRoot } from '../wire/schema.ts';
import { Health } from './health.ts';
import { listModels } from './models.ts';
import { predictAction } from './predict-action.ts';

const ACTION_SERVICE = 'lam.v1.ActionService';
const MODEL_SERVICE = 'lam.v1.ModelService';

export class GrpcServer {
  readonly #server: Server;
  readonly #health: Health;

  constructor(context: ServerContext) {
    this.#server = new Server({
      'grpc.max_receive_message_length': context.limits.maxBodyBytes,
      // One agent sends one request at a time, but a proxy carries many agents over one connection.
      'grpc.max_concurrent_streams': 10_000,
    });
    this.#server.addService(unaryBytes(ACTION_SERVICE, 'PredictAction'), { PredictAction: predictAction(context) });
    this.#server.addService(unaryBytes(MODEL_SERVICE, 'ListModels'), { ListModels: listModels(context) });
    this.#health = new Health(context.lifecycle, [ACTION_SERVICE, MODEL_SERVICE]);
    this.#health.addTo(this.#server);
    const described = loadSync([...protoFiles, healthProtoPath], { includeDirs: [protoRoot], keepCase: true });
    new ReflectionService(described).addToServer(this.#server);
  }

  /** Resolves with the `host:port` that was bound; port 0 picks a free one. */
  listen(host: string, port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(formatAddress(host, port), ServerCredentials.createInsecure(), (error, bound) => {
        if (error === null) resolve(formatAddress(host, bound));
        else reject(error);
      });
    });
  }

  /** Answers that are being written are finished; then every connection is closed. */
  async close(): Promise<void> {
    this.#health[Symbol.dispose]();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FLUSH_MS);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#server.forceShutdown();
  }
}

const identity = (bytes: Buffer): Buffer => bytes;

/** A service of one unary method whose messages stay bytes: we decode and encode ourselves. */
function unaryBytes(service: string, method: string): ServiceDefinition {
  const definition: MethodDefinition<Buffer, Buffer> = {
    path: `/${service}/${method}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: identity,
    requestDeserialize: identity,
    responseSerialize: identity,
    responseDeserialize: identity,
  };
  return { [method]: definition };
}
