/**
 * Sends generated requests to a gateway over both protocols and checks every answer: an action on a control of the
 * request, or an error that blames the request. Never a 500, an INTERNAL, an UNKNOWN or silence.
 *
 *   node dist/test/fuzz/fuzz.js --http http://127.0.0.1:8080 --grpc 127.0.0.1:50051 --requests 1000 --seed 1
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { status } from '@grpc/grpc-js';
import { functionCatalog, STATUSES, type Status } from '../../src/runtime/index.ts';
import { decodeBinary } from '../../src/server/wire/binary.ts';
import { decodeJson, parseJson } from '../../src/server/wire/json.ts';
import type {
  PredictActionRequest,
  PredictActionResponse,
  ScoreActionsRequest,
} from '../../src/server/wire/messages.ts';
import { messageType } from '../../src/server/wire/schema.ts';
import {
  type Addresses,
  type ApiReply,
  GrpcApiClient,
  HttpApiClient,
  type RawApiClient,
} from '../support/api-clients.ts';
import { type FuzzCase, fuzzCases } from './cases.ts';

export type FuzzOptions = Addresses & {
  readonly requests: number;
  readonly seed: number;
  /** Requests under way at once. */
  readonly concurrency: number;
};

export type FuzzReport = {
  readonly sent: number;
  /** How many answers of each kind: `http ok`, `grpc invalid_request`, ... */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What must not happen, each with the request. */
  readonly failures: readonly string[];
};

/** No answer within this time is a hang; the gateway is asked to answer a little earlier. */
const HANG_MS = 30_000;
const REQUEST_TIMEOUT_MS = 20_000;

/** Errors that blame the request or the load. An empty code is grpc-js itself, which knows only the size limit. */
const CLEAR_ERRORS = [
  'invalid_request',
  'context_length',
  'model_not_found',
  'failed_precondition',
  // Made-up request ids are few, so that some come again with another body.
  'conflict',
  'payload_too_large',
  'overloaded',
];
const CLEAR_STATUSES: readonly number[] = [
  409,
  6,
  400,
  404,
  412,
  413,
  429,
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.FAILED_PRECONDITION,
  status.RESOURCE_EXHAUSTED,
];

export async function fuzz({ requests, seed, concurrency, ...addresses }: FuzzOptions): Promise<FuzzReport> {
  await using http = new HttpApiClient(addresses);
  await using grpc = new GrpcApiClient(addresses);
  const outcomes: Record<string, number> = {};
  const failures: string[] = [];
  let sent = 0;
  const check = async (protocol: string, client: RawApiClient, fuzzCase: FuzzCase) => {
    sent++;
    const reply = await withinTime(send(client, fuzzCase));
    const outcome = reply === undefined ? 'hang' : reply.ok ? 'ok' : reply.code || `status ${reply.status}`;
    const key = `${protocol} ${fuzzCase.rpc} ${outcome}`;
    outcomes[key] = (outcomes[key] ?? 0) + 1;
    const problem = reply === undefined ? 'no answer' : problemOf(reply, fuzzCase);
    if (problem !== undefined)
      failures.push(`${protocol} ${fuzzCase.rpc}: ${problem}\n  reply ${show(reply)}\n  to ${show(fuzzCase)}`);
  };
  const cases = fuzzCases(requests, seed).values();
  const worker = async () => {
    for (const fuzzCase of cases) {
      if (fuzzCase.type !== 'protobuf') await check('http', http, fuzzCase);
      if (fuzzCase.type !== 'json') await check('grpc', grpc, fuzzCase);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { sent, outcomes, failures };
}

function send(client: RawApiClient, fuzzCase: FuzzCase): Promise<ApiReply> {
  const options = { timeoutMs: REQUEST_TIMEOUT_MS };
  if (fuzzCase.type === 'request') return client.call(fuzzCase.rpc, fuzzCase.request, options);
  return client.callRaw(fuzzCase.rpc, fuzzCase.body, options);
}

async function withinTime(reply: Promise<ApiReply>): Promise<ApiReply | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), HANG_MS);
  });
  try {
    return await Promise.race([reply, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** The request as the gateway must have understood it, since it answered. */
function seenByServer(fuzzCase: FuzzCase): object {
  const type = messageType(`${fuzzCase.rpc}Request`);
  switch (fuzzCase.type) {
    case 'request':
      return fuzzCase.request;
    case 'json':
      return decodeJson(type, parseJson(fuzzCase.body));
    case 'protobuf':
      return decodeBinary(type, fuzzCase.body);
  }
}

function problemOf(reply: ApiReply, fuzzCase: FuzzCase): string | undefined {
  if (reply.ok) return answerProblem(reply.response, fuzzCase);
  if (!CLEAR_STATUSES.includes(reply.status)) return `status ${reply.status}`;
  if (reply.code !== '' && !CLEAR_ERRORS.includes(reply.code)) return `error ${reply.code}`;
  return reply.message === '' ? 'an error without a message' : undefined;
}

function answerProblem(response: Record<string, unknown>, fuzzCase: FuzzCase): string | undefined {
  const request = seenByServer(fuzzCase);
  switch (fuzzCase.rpc) {
    case 'PredictAction':
      return actionProblem(response as unknown as PredictActionResponse, request);
    case 'PredictPlan':
      return Array.isArray(response['plan']) ? undefined : 'no plan';
    case 'ScoreActions': {
      const { actions } = request as ScoreActionsRequest;
      return (response['rewards'] as unknown[]).length === actions?.length ? undefined : 'not one reward per action';
    }
    case 'GetModel': {
      const { name, version } = request as Record<string, unknown>;
      return response['name'] === name && response['version'] === version ? undefined : 'another model';
    }
  }
}

function actionProblem({ action, grounded }: PredictActionResponse, request: PredictActionRequest): string | undefined {
  const controls = request.controls ?? [];
  const allowed = request.allowed_functions ?? [];
  const control = controls.find(({ id }) => id === action.control_id);
  if (action.control_id !== '' && control === undefined) return 'a control that is not in the request';
  if ((control?.name ?? '') !== action.control_name) return 'a name that is not the control’s';
  if (control?.enabled === false) return 'a control that is disabled';
  if (!grounded) return 'an answer that is not grounded';
  if (action.function !== '' && !functionCatalog.has(action.function)) return 'a function that is not in the catalog';
  if (action.function !== '' && allowed.length > 0 && !allowed.includes(action.function))
    return 'a function not allowed';
  return STATUSES.includes(action.status as Status) ? undefined : 'a status that does not exist';
}

function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, item) =>
    item?.type === 'Buffer' ? Buffer.from(item).toString('latin1') : item,
  );
  return text.length > 2000 ? `${text.slice(0, 2000)}...` : text;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      http: { type: 'string', default: 'http://127.0.0.1:8080' },
      grpc: { type: 'string', default: '127.0.0.1:50051' },
      requests: { type: 'string', default: '1000' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      concurrency: { type: 'string', default: '4' },
    },
  });
  const { http, grpc } = values;
  const [requests, seed, concurrency] = [Number(values.requests), Number(values.seed), Number(values.concurrency)];
  console.log(`seed ${seed}`);
  const report = await fuzz({ http, grpc, requests, seed, concurrency });
  console.log(`${report.sent} requests sent`, report.outcomes);
  for (const failure of report.failures) console.error(failure);
  process.exitCode = report.failures.length === 0 ? 0 : 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
