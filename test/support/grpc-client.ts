/** A plain gRPC client over proto/: what an agent's generated stub does, and raw bytes for what no stub would send. */
import { join } from 'node:path';
import { Client, credentials, Metadata, type MethodDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';

export type GrpcFailure = {
  readonly code: Exclude<status, status.OK>;
  readonly details: string;
  readonly metadata: Readonly<Record<string, string>>;
};
export type GrpcReply = { readonly code: status.OK; readonly message: object } | GrpcFailure;

export type CallOptions = {
  readonly timeoutMs?: number;
  /** Aborting cancels the call. */
  readonly signal?: AbortSignal;
};

const OPTIONS = { keepCase: true, defaults: true, longs: Number, includeDirs: [join(process.cwd(), 'proto')] };
export const definitions: PackageDefinition = loadSync(
  ['lam/v1/action.proto', 'lam/v1/episode.proto', 'lam/v1/model.proto'],
  OPTIONS,
);

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
  call(path: string, message: object, options: CallOptions = {}): Promise<GrpcReply> {
    return this.callRaw(path, method(path).requestSerialize(message), options);
  }

  /** Any bytes as the message. */
  callRaw(path: string, bytes: Buffer, { timeoutMs, signal }: CallOptions = {}): Promise<GrpcReply> {
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, response?: object): void => {
        if (error === null) resolve({ code: status.OK, message: response ?? {} });
        else resolve(failure(error));
      };
      const call = this.client.makeUnaryRequest(
        `/${path}`,
        (raw: Buffer) => raw,
        method(path).responseDeserialize,
        bytes,
        new Metadata(),
        deadline(timeoutMs),
        done,
      );
      signal?.addEventListener('abort', () => call.cancel());
    });
  }

  /** Every message that the server streams, and how the stream ended. */
  async stream(
    path: string,
    message: object,
    { timeoutMs, signal }: CallOptions = {},
  ): Promise<{ readonly messages: readonly object[]; readonly failure?: GrpcFailure }> {
    const { requestSerialize, responseDeserialize } = method(path);
    const call = this.client.makeServerStreamRequest(
      `/${path}`,
      requestSerialize,
      responseDeserialize,
      message,
      new Metadata(),
      deadline(timeoutMs),
    );
    signal?.addEventListener('abort', () => call.cancel());
    const messages: object[] = [];
    try {
      for await (const item of call) messages.push(item as object);
      return { messages };
    } catch (error) {
      return { messages, failure: failure(error as ServiceError) };
    }
  }

  [Symbol.dispose](): void {
    this.client.close();
  }
}

function deadline(timeoutMs: number | undefined): { readonly deadline?: number } {
  return timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
}

function failure({ code, details, metadata }: ServiceError): GrpcFailure {
  const strings = Object.entries(metadata.getMap()).map(([key, value]) => [key, String(value)]);
  return { code: code as GrpcFailure['code'], details, metadata: Object.fromEntries(strings) };
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

/** A message of plain objects in proto-loader's form. In this API a Struct is what is called `args`, unless it is a number. */
export function withStructs(message: unknown): unknown {
  return mapArgs(message, (args) => struct(args as Record<string, unknown>));
}

/** A message of proto-loader as plain objects: Structs unpacked, absent fields left out. */
export function withoutStructs(message: unknown): unknown {
  return mapArgs(message, (args) => plain(args as Parameters<typeof plain>[0]));
}

function mapArgs(value: unknown, map: (args: object) => object): unknown {
  if (Array.isArray(value)) return value.map((item) => mapArgs(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null && item !== undefined)
      .map(([key, item]) => [key, key === 'args' && typeof item === 'object' ? map(item) : mapArgs(item, map)]),
  );
}
