/** A gateway as an agent sees it: one gRPC call per step. Knows the .proto file and nothing of the gateway's code. */
import * as grpc from '@grpc/grpc-js';
import * as protoLoader from '@grpc/proto-loader';

/** The fields of lam.v1.PredictActionRequest that the agent fills. */
export type PredictRequest = {
  readonly session_id: string;
  readonly user_request: string;
  readonly app: { readonly process_name: string; readonly window_title: string };
  readonly controls: readonly object[];
  readonly previous_actions: readonly object[];
};

/** lam.v1.PredictActionResponse, as far as the agent reads it. */
export type PredictResponse = {
  readonly model: string;
  readonly version: string;
  readonly action: {
    readonly control_id: string;
    readonly control_name: string;
    readonly function: string;
    readonly args: Readonly<Record<string, string | number | boolean>>;
    readonly status: string;
  };
  readonly grounded: boolean;
  readonly policy: { readonly effect: string } | null;
  readonly confidence: {
    readonly control: number;
    readonly function: number;
    readonly args: number;
    readonly status: number;
  };
  readonly usage: { readonly prompt_tokens: number; readonly generated_tokens: number; readonly forced_tokens: number };
  readonly timing: { readonly total_ms: number };
};

type UnaryCall = (request: object, options: grpc.CallOptions, done: grpc.requestCallback<unknown>) => void;

/** How long one step may take before the agent gives up, in milliseconds. */
const STEP_DEADLINE_MS = 30_000;

export class GatewayClient implements Disposable {
  readonly #client: grpc.Client;
  readonly #predictAction: UnaryCall;

  /** `address` is host:port of the gateway's gRPC port; the connection is plain text. */
  constructor(address: string) {
    const definition = protoLoader.loadSync('lam/v1/action.proto', {
      includeDirs: ['proto'],
      keepCase: true,
      defaults: true,
    });
    const lam = grpc.loadPackageDefinition(definition) as unknown as {
      lam: { v1: { ActionService: grpc.ServiceClientConstructor } };
    };
    this.#client = new lam.lam.v1.ActionService(address, grpc.credentials.createInsecure());
    const method = (this.#client as unknown as Record<string, UnaryCall>)['PredictAction'];
    if (method === undefined) throw new Error('action.proto has no PredictAction');
    this.#predictAction = method.bind(this.#client);
  }

  predictAction(request: PredictRequest): Promise<PredictResponse> {
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + STEP_DEADLINE_MS;
      const args = { ...request, previous_actions: request.previous_actions.map(withStruct) };
      this.#predictAction(args, { deadline }, (error, response) => {
        if (error !== null) return reject(error);
        const answer = response as PredictResponse;
        resolve({ ...answer, action: { ...answer.action, args: fromStruct(answer.action.args) } });
      });
    });
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

type StructValue = { stringValue?: string; numberValue?: number; boolValue?: boolean };

/** google.protobuf.Struct of plain `args`. */
function withStruct(action: object): object {
  const { args = {} } = action as { args?: object };
  const fields = Object.fromEntries(
    Object.entries(args).map(([key, value]): [string, StructValue] => {
      if (typeof value === 'number') return [key, { numberValue: value }];
      if (typeof value === 'boolean') return [key, { boolValue: value }];
      return [key, { stringValue: String(value) }];
    }),
  );
  return { ...action, args: { fields } };
}

function fromStruct(struct: unknown): Record<string, string | number | boolean> {
  const { fields = {} } = (struct ?? {}) as { fields?: Record<string, StructValue> };
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value.stringValue ?? value.numberValue ?? value.boolValue ?? '',
    ]),
  );
}
