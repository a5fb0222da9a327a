/**
 * Sends generated requests to a gateway over both protocols and checks every answer: an action on a control of the
 * request, or an error that blames the request. Never a 500, an INTERNAL, an UNKNOWN or silence.
 */
import {
  type Addresses,
  type ApiReply,
  GrpcApiClient,
  HttpApiClient,
  type RawApiClient,
} from '../support/api-clients.ts';
import { problemOf } from './answers.ts';
import { type FuzzKind, fuzzCases, type StreamCase, type UnaryCase } from './cases.ts';
import { StreamClient, streamOutcomes, streamProblem } from './streams.ts';

export type FuzzOptions = Addresses & {
  readonly requests: number;
  readonly seed: number;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Default: all. */
  readonly kind?: FuzzKind;
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

export async function fuzz({ requests, seed, concurrency, kind, ...addresses }: FuzzOptions): Promise<FuzzReport> {
  await using http = new HttpApiClient(addresses);
  await using grpc = new GrpcApiClient(addresses);
  using streams = new StreamClient(addresses.grpc);
  const outcomes: Record<string, number> = {};
  const failures: string[] = [];
  let sent = 0;
  const count = (subject: string, outcome: string) => {
    const key = `${subject} ${outcome}`;
    outcomes[key] = (outcomes[key] ?? 0) + 1;
  };
  const judge = (subject: string, problem: string | undefined, [reply, sentCase]: readonly [unknown, unknown]) => {
    if (problem !== undefined) failures.push(`${subject}: ${problem}\n  reply ${show(reply)}\n  to ${show(sentCase)}`);
  };
  const call = async (protocol: string, client: RawApiClient, fuzzCase: UnaryCase) => {
    sent++;
    const subject = `${protocol} ${fuzzCase.rpc}`;
    const reply = await withinTime(send(client, fuzzCase));
    count(subject, reply === undefined ? 'hang' : reply.ok ? 'ok' : reply.code || `status ${reply.status}`);
    judge(subject, reply === undefined ? 'no answer' : problemOf(reply, fuzzCase), [reply, fuzzCase]);
  };
  const stream = async (fuzzCase: StreamCase) => {
    sent++;
    const subject = `grpc ${fuzzCase.rpc}`;
    const reply = await withinTime(streams.send(fuzzCase.messages, REQUEST_TIMEOUT_MS));
    for (const outcome of reply === undefined ? ['hang'] : streamOutcomes(reply)) count(subject, outcome);
    judge(subject, reply === undefined ? 'no end' : streamProblem(reply, fuzzCase), [reply, fuzzCase]);
  };
  const cases = fuzzCases(requests, seed, kind).values();
  const worker = async () => {
    for (const fuzzCase of cases) {
      if (fuzzCase.type === 'stream') await stream(fuzzCase);
      else {
        if (fuzzCase.type !== 'protobuf') await call('http', http, fuzzCase);
        if (fuzzCase.type !== 'json') await call('grpc', grpc, fuzzCase);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return { sent, outcomes, failures };
}

async function send(client: RawApiClient, fuzzCase: UnaryCase): Promise<ApiReply> {
  const options = { timeoutMs: REQUEST_TIMEOUT_MS };
  if (fuzzCase.type !== 'request') return client.callRaw(fuzzCase.rpc, fuzzCase.body, options);
  if (fuzzCase.rpc !== 'PredictActionStream') return client.call(fuzzCase.rpc, fuzzCase.request, options);
  const { messages, failure } = await client.stream(fuzzCase.rpc, fuzzCase.request, options);
  return failure ?? { ok: true, response: messages.at(-1) ?? {} };
}

async function withinTime<T>(reply: Promise<T>): Promise<T | undefined> {
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

function show(value: unknown): string {
  const text = JSON.stringify(value, (_key, item) =>
    item?.type === 'Buffer' ? Buffer.from(item).toString('latin1') : item,
  );
  return text.length > 2000 ? `${text.slice(0, 2000)}...` : text;
}
