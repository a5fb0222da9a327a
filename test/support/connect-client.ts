/** The API over gRPC through connect-node: an implementation of the protocol that shares no code with grpc-js. */
import {
  createFileRegistry,
  type DescMethod,
  type DescMethodStreaming,
  type DescMethodUnary,
  type FileRegistry,
  fromBinary,
  fromJson,
  type JsonObject,
  toJson,
} from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, file_google_protobuf_struct } from '@bufbuild/protobuf/wkt';
import { ConnectError, type Transport } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import type { MessageTypeDefinition } from '@grpc/proto-loader';
import {
  type Addresses,
  type ApiClient,
  type ApiFailure,
  type ApiReply,
  type ApiRequest,
  type ApiStream,
  grpcFailure,
} from './api-clients.ts';
import { type CallOptions, definitions, type GrpcFailure } from './grpc-client.ts';
import { type RpcName, SERVICES } from './rpc-routes.ts';

/** proto-loader describes package lam.v1 as one file, without imports and with the names of types as they are written. */
function describePackage(): FileRegistry {
  const { fileDescriptorProtos } = definitions['lam.v1.PredictActionRequest'] as MessageTypeDefinition<object, object>;
  const files = fileDescriptorProtos.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
  const file = files.find((candidate) => candidate.package === 'lam.v1');
  if (file === undefined) throw new Error('proto-loader has no package lam.v1');
  file.dependency = [file_google_protobuf_struct.proto.name];
  for (const field of file.messageType.flatMap((message) => message.field)) {
    const { typeName } = field;
    if (typeName !== '') field.typeName = typeName.includes('.') ? `.${typeName}` : `.lam.v1.${typeName}`;
  }
  return createFileRegistry(file, () => file_google_protobuf_struct);
}

const registry = describePackage();

function methodOf(rpc: RpcName): DescMethod {
  const [service = '', name] = SERVICES[rpc].split('/');
  const method = registry.getService(service)?.methods.find((candidate) => candidate.name === name);
  if (method === undefined) throw new Error(`${rpc} is not in the descriptors`);
  return method;
}

/** In JSON of the .proto files' spelling, with every field that cannot be absent: as HTTP answers. */
const JSON_OPTIONS = { useProtoFieldName: true, alwaysEmitImplicit: true } as const;

export class ConnectApiClient implements ApiClient {
  readonly #sessions: Http2SessionManager;
  readonly #transport: Transport;

  constructor({ grpc }: Addresses) {
    const baseUrl = `http://${grpc}`;
    this.#sessions = new Http2SessionManager(baseUrl);
    this.#transport = createGrpcTransport({ baseUrl, sessionManager: this.#sessions });
  }

  async call(rpc: RpcName, request: ApiRequest, { timeoutMs, signal }: CallOptions = {}): Promise<ApiReply> {
    const method = methodOf(rpc) as DescMethodUnary;
    const input = fromJson(method.input, request as JsonObject);
    try {
      const { message } = await this.#transport.unary(method, signal, timeoutMs, undefined, input);
      return { ok: true, response: toJson(method.output, message, JSON_OPTIONS) as Record<string, unknown> };
    } catch (error) {
      return connectFailure(error);
    }
  }

  /** The error of a call that must fail, as this library presents it. */
  async errorOf(rpc: RpcName, request: ApiRequest): Promise<ConnectError> {
    const method = methodOf(rpc) as DescMethodUnary;
    const call = this.#transport.unary(
      method,
      undefined,
      undefined,
      undefined,
      fromJson(method.input, request as JsonObject),
    );
    return call.then(() => Promise.reject(new Error(`${rpc} succeeded`)), ConnectError.from);
  }

  async stream(rpc: RpcName, request: ApiRequest, { timeoutMs, signal }: CallOptions = {}): Promise<ApiStream> {
    const method = methodOf(rpc) as DescMethodStreaming;
    const input = fromJson(method.input, request as JsonObject);
    const messages: Record<string, unknown>[] = [];
    try {
      const answers = await this.#transport.stream(method, signal, timeoutMs, undefined, once(input));
      for await (const message of answers.message) {
        messages.push(toJson(method.output, message, JSON_OPTIONS) as Record<string, unknown>);
      }
      return { messages };
    } catch (error) {
      return { messages, failure: connectFailure(error) };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#sessions.abort();
  }
}

async function* once<T>(item: T): AsyncGenerator<T> {
  yield item;
}

function connectFailure(thrown: unknown): ApiFailure {
  const error = ConnectError.from(thrown);
  const metadata = Object.fromEntries(error.metadata.entries());
  return grpcFailure({ code: error.code as number as GrpcFailure['code'], details: error.rawMessage, metadata });
}
