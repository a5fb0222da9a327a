/** A plain gRPC client over proto/: what an agent's generated stub does, and raw bytes for what no stub would send. */
import { join } from 'node:path';
import { Client, credentials, Metadata, type MethodDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

export type GrpcReply<T> =
  | { readonly code: status.OK; readonly message: T }
  | { readonly code: status; readonly details: string; readonly metadata: Readonly<Record<string, string>> };

export type CallOptions = {
  readonly timeoutMs?: number;
  /** Aborting cancels the call. */
  readonly signal?: AbortSignal;
};

const OPTIONS = { keepCase: true, defaults: true, longs: Number, includeDirs: [join(process.cwd(), 'proto')] };
const definitions: PackageDefinition = loadSync(['lam/v1/action.proto', 'lam/v1/model.proto'], OPTIONS);

type Method = MethodDefinition<object, object>;

/** `lam.v1.ActionService/PredictAction` */
function method(path: string): Method {
  const [service = '', name = ''] = path.split('/');
  return (definitions[service] as unknown as Record<string, Method>)[name] as Method;
}

export class GrpcClient implements Disposable {
  readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  /** The message is in proto-loader's form: snake_case, Structs as `{ fields }`. */
  call(path: string, message: object, options: CallOptions = {}): Promise<GrpcReply<object>> {
    const { requestSerialize, responseDeserialize } = method(path);
    return this.#unary({ path, requestSerialize, responseDeserialize }, message, options);
  }

  /** Any bytes as the message. */
  callRaw(path: string, bytes: Buffer, options: CallOptions = {}): Promise<GrpcReply<object>> {
    const { responseDeserialize } = method(path);
    return this.#unary({ path, requestSerialize: (raw: Buffer) => raw, responseDeserialize }, bytes, options);
  }

  #unary<T>(
    {
      path,
      requestSerialize,
      responseDeserialize,
    }: Pick<MethodDefinition<T, object>, 'path' | 'requestSerialize' | 'responseDeserialize'>,
    message: T,
    { timeoutMs, signal }: CallOptions,
  ): Promise<GrpcReply<object>> {
    return new Promise((resolve) => {
      const options = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
      const done = (error: ServiceError | null, response?: object): void => {
        if (error === null) resolve({ code: status.OK, message: response ?? {} });
        else resolve({ code: error.code, details: error.details, metadata: strings(error.metadata) });
      };
      const metadata = new Metadata();
      const call = this.client.makeUnaryRequest(
        `/${path}`,
        requestSerialize,
        responseDeserialize,
        message,
        metadata,
        options,
        done,
      );
      signal?.addEventListener('abort', () => call.cancel());
    });
  }

  [Symbol.dispose](): void {
    this.client.close();
  }
}

function strings(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.getMap()).map(([key, value]) => [key, String(value)]));
}

/** A plain object as google.protobuf.Struct, in proto-loader's form. */
export function struct(object: Readonly<Record<string, unknown>>): object {
  return { fields: Object.fromEntries(Object.entries(object).map(([key, value]) => [key, structValue(value)])) };
}

function structValue(value: unknown): object {
  if (value === null) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(structValue) } };
  return { structValue: struct(value as Record<string, unknown>) };
}

/** A google.protobuf.Struct, in proto-loader's form, as a plain object. Flat: answers nest nothing. */
export function plain({ fields }: { readonly fields: Readonly<Record<string, Record<string, unknown>>> }): object {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value['stringValue'] ?? value['numberValue'] ?? value['boolValue'],
    ]),
  );
}
