/** A gateway as an agent sees it: one gRPC call per step. Knows the .proto file and nothing of the gateway's code. */
import * as grpc from '@grpc/grpc-js';
import { loadActionProto } from './action-service.ts';

/** The fields of lam.v1.PredictActionRequest that the agent and the evaluation fill. */
export type PredictRequest = {
  /** Default: the server's. */
  readonly model?: string;
  readonly options?: { readonly candidates?: number; readonly rerank?: boolean };
  readonly session_id: string;
  readonly user_request: string;
  readonly app: { readonly process_name: string; readonly window_title: string };
  readonly controls: readonly object[];
  readonly previous_actions: readonly object[];
};

/** lam.v1.Action, as far as the agent reads it. */
export type WireAction = {
  readonly control_id: string;
  readonly control_name: string;
  readonly function: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  readonly status: string;
};

/** lam.v1.Candidate; `reward` is null unless asked for. */
export type WireCandidate = {
  readonly action: WireAction;
  readonly probability: number;
  readonly reward: { readonly raw: number; readonly score: number } | null;
};

/** lam.v1.PredictActionResponse, as far as the agent reads it. */
export type PredictResponse = {
  readonly model: string;
  readonly version: string;
  readonly action: WireAction;
  /** Best first; empty unless several were asked for. */
  readonly candidates: readonly WireCandidate[];
  readonly grounded: boolean;
  readonly policy: { readonly effect: string; readonly rule?: string } | null;
  readonly confidence: {
    readonly control: number;
    readonly function: number;
    readonly args: number;
    readonly status: number;
  };
  readonly usage: { readonly prompt_tokens: number; readonly generated_tokens: number; readonly forced_tokens: number };
  readonly timing: { readonly total_ms: number };
};

/** The fields of lam.v1.PredictPlanRequest that the evaluation fills. */
export type PlanRequest = Pick<PredictRequest, 'model' | 'user_request' | 'app'>;

export type PlanResponse = { readonly plan: readonly string[] };

/** What drives an agent: a gateway, or a stand-in for one. */
export type ActionClient = Pick<GatewayClient, 'predictAction'>;

type UnaryCall = (request: object, options: grpc.CallOptions, done: grpc.requestCallback<unknown>) => void;

/** How long one step may take before the agent gives up, in milliseconds. */
const STEP_DEADLINE_MS = 30_000;

export class GatewayClient implements Disposable {
  readonly #client: grpc.Client;
  readonly #predictAction: UnaryCall;
  readonly #predictPlan: UnaryCall;

  /** `address` is host:port of the gateway's gRPC port; the connection is plain text. */
  constructor(address: string) {
    const lam = grpc.loadPackageDefinition(loadActionProto()) as unknown as {
      lam: { v1: { ActionService: grpc.ServiceClientConstructor } };
    };
    this.#client = new lam.lam.v1.ActionService(address, grpc.credentials.createInsecure());
    this.#predictAction = this.#method('PredictAction');
    this.#predictPlan = this.#method('PredictPlan');
  }

  async predictAction(request: PredictRequest): Promise<PredictResponse> {
    return readAnswer(await call<PredictResponse>(this.#predictAction, writeRequest(request)));
  }

  predictPlan(request: PlanRequest): Promise<PlanResponse> {
    return call<PlanResponse>(this.#predictPlan, request);
  }

  #method(name: string): UnaryCall {
    const method = (this.#client as unknown as Record<string, UnaryCall>)[name];
    if (method === undefined) throw new Error(`action.proto has no ${name}`);
    return method.bind(this.#client);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

function call<T>(method: UnaryCall, request: object): Promise<T> {
  return new Promise((resolve, reject) => {
    method(request, { deadline: Date.now() + STEP_DEADLINE_MS }, (error, response) =>
      error === null ? resolve(response as T) : reject(error),
    );
  });
}

/** The message as protobuf libraries take it. */
export function writeRequest(request: PredictRequest): object {
  return { ...request, previous_actions: request.previous_actions.map(withStruct) };
}

/** The message as protobuf libraries hand it on, with plain arguments. */
export function readAnswer(answer: PredictResponse): PredictResponse {
  const candidates = answer.candidates.map((candidate) => ({ ...candidate, action: readAction(candidate.action) }));
  return { ...answer, action: readAction(answer.action), candidates };
}

function readAction(action: WireAction): WireAction {
  return { ...action, args: fromStruct(action.args) };
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
