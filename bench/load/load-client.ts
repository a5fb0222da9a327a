/** Calls PredictAction with requests that are encoded once, so that what loads the machine is the gateway, not its client. */
import * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import { predictActionMethod } from '../agent/action-service.ts';

export type CallOptions = {
  readonly deadlineMs: number;
  /** The client gives up after this many milliseconds; absent: it does not. */
  readonly cancelAfterMs?: number;
};

/** How a call ended: `ok`, or the gateway's error code, or gRPC's status where the gateway gave none. */
export type CallOutcome = { readonly code: string; readonly latencyMs: number };

/** Whoever sends requests and says how they ended; never rejects. */
export interface Caller {
  call(request: Buffer, options: CallOptions): Promise<CallOutcome>;
}

export class LoadClient implements Caller, Disposable {
  readonly #client: grpc.Client;
  readonly #method: MethodDefinition<object, object>;

  /** `address` is host:port of a plain-text gRPC port. */
  constructor(address: string) {
    this.#method = predictActionMethod();
    this.#client = new grpc.Client(address, grpc.credentials.createInsecure());
  }

  /** The request as bytes; the arguments of its history have to be google.protobuf.Struct already, or absent. */
  encode(request: object): Buffer {
    return this.#method.requestSerialize(request);
  }

  call(request: Buffer, { deadlineMs, cancelAfterMs }: CallOptions): Promise<CallOutcome> {
    return new Promise((resolve) => {
      const startMs = performance.now();
      const deadline = Date.now() + deadlineMs;
      let timer: NodeJS.Timeout | undefined;
      const done = (error: grpc.ServiceError | null) => {
        clearTimeout(timer);
        resolve({ code: codeOf(error), latencyMs: performance.now() - startMs });
      };
      const call = this.#client.makeUnaryRequest(
        this.#method.path,
        (bytes: Buffer) => bytes,
        (bytes) => bytes,
        request,
        new grpc.Metadata(),
        { deadline },
        done,
      );
      if (cancelAfterMs !== undefined) timer = setTimeout(() => call.cancel(), cancelAfterMs);
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function codeOf(error: grpc.ServiceError | null): string {
  if (error === null) return 'ok';
  const [code] = error.metadata.get('lam-error-code');
  return code === undefined ? (grpc.status[error.code]?.toLowerCase() ?? String(error.code)) : String(code);
}
