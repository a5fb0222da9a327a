/** What the fuzzer sends: requests from plausible to absurd, broken documents, broken bytes. Seeded. */
import fc from 'fast-check';
import { requestType } from '../../src/server/wire/schema.ts';
import type { ApiRequest } from '../support/api-clients.ts';
import { withStructs } from '../support/grpc-client.ts';
import type { RpcName } from '../support/rpc-routes.ts';
import { changedState, name, pathPart, planning, rarely, scoring, session, state } from './arbitraries.ts';

/** Whatever clients may call without loading models, and labels, of which a gateway may have too many but none that harms. */
export type FuzzedRpc = Exclude<RpcName, 'LoadModel' | 'UnloadModel'>;

/** A call of one request. */
export type UnaryCase = { readonly rpc: FuzzedRpc } & (
  | { /** A request that both protocols can carry. */ readonly type: 'request'; readonly request: ApiRequest }
  | { /** A JSON document for HTTP alone. */ readonly type: 'json'; readonly body: Buffer }
  | { /** Bytes for gRPC alone. */ readonly type: 'protobuf'; readonly body: Buffer }
);

/** Messages of one stream, over gRPC. */
export type StreamCase = {
  readonly type: 'stream';
  readonly rpc: 'StreamActions';
  readonly messages: readonly StreamMessage[];
};

export type FuzzCase = UnaryCase | StreamCase;

/** Bytes are none of the protocol's messages, or only by chance. */
export type StreamMessage = { readonly observation: ApiRequest } | { readonly outcome: ApiRequest } | Buffer;

const status = rarely(fc.constantFrom('success', 'failure', 'skipped', 'undone'), name);
const outcome: fc.Arbitrary<ApiRequest> = fc.record(
  {
    request_id: rarely(fc.uuid(), name),
    step: rarely(fc.constantFrom(0, 1, 2), fc.nat()),
    result_status: status,
    error: name,
    result: name,
    observed_change: rarely(fc.constantFrom('', 'none', 'a dialog opened'), name),
  },
  { requiredKeys: ['result_status'] },
);
const inSession = (fields: fc.Arbitrary<ApiRequest>): fc.Arbitrary<ApiRequest> =>
  fc.tuple(rarely(session, pathPart), fields).map(([session_id, rest]) => ({ ...rest, session_id }));
const ending = fc.record(
  {
    request_id: fc.uuid(),
    outcome: rarely(fc.constantFrom('', 'success', 'failure', 'abandoned'), name),
    comment: name,
  },
  { requiredKeys: [] },
);
const rollback = fc.record({ request_id: fc.uuid(), steps: rarely(fc.nat(5), fc.nat()) }, { requiredKeys: [] });
const modelName = fc.oneof(fc.constantFrom('fake', 'lam-word'), pathPart);
const naming = fc.record({ name: modelName, version: fc.oneof(fc.constantFrom('1', '2'), pathPart) });
const label = fc.record({
  name: modelName,
  // Never the label by which requests find the version that is loaded.
  label: rarely(
    fc.constantFrom('canary', 'blue'),
    name.filter((text) => text !== 'stable'),
  ),
  version: fc.oneof(fc.constantFrom('1', '2'), name),
  share: rarely(fc.constantFrom(0, 0.25, 1), fc.double()),
});

/** The same document with one value, somewhere in it, replaced by any other. */
function broken(base: fc.Arbitrary<ApiRequest>): fc.Arbitrary<Buffer> {
  return fc.tuple(base, fc.jsonValue(), fc.nat()).map(([original, value, at]) => {
    const copy: unknown = JSON.parse(JSON.stringify(original));
    const places: [Record<string, unknown>, string][] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const key of Object.keys(node)) {
        places.push([node as Record<string, unknown>, key]);
        visit((node as Record<string, unknown>)[key]);
      }
    };
    visit(copy);
    const [parent, key] = places[at % places.length] ?? [{}, ''];
    parent[key] = value;
    return Buffer.from(JSON.stringify(copy));
  });
}

const anyBytes = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const anyJson = fc.json().map((text) => Buffer.from(text));

/** Some bytes of an encoding overwritten, or its end cut off. */
function damaged(encoded: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const spots = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
  return fc.tuple(encoded, spots, fc.option(fc.nat(), { freq: 3 })).map(([bytes, changes, end]) => {
    const copy = Buffer.from(bytes);
    for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
    return end === null ? copy : copy.subarray(0, end % (copy.length + 1));
  });
}

/** Requests as they are, damaged documents and damaged messages of one rpc. */
function casesOf(rpc: FuzzedRpc, base: fc.Arbitrary<ApiRequest>): fc.Arbitrary<FuzzCase> {
  const encoded = base.map((value) => encodeRequest(rpc, value));
  const text = base.map((value) => Buffer.from(JSON.stringify(value)));
  return fc.oneof(
    { weight: 5, arbitrary: base.map((value) => ({ rpc, type: 'request', request: value }) as const) },
    {
      weight: 3,
      arbitrary: fc
        .oneof(broken(base), damaged(text), anyBytes, anyJson)
        .map((body) => ({ rpc, type: 'json', body }) as const),
    },
    {
      weight: 2,
      arbitrary: fc.oneof(damaged(encoded), anyBytes).map((body) => ({ rpc, type: 'protobuf', body }) as const),
    },
  );
}

/** Without bytes of their own: events, and paths that hold everything. */
function requestsOf(rpc: FuzzedRpc, base: fc.Arbitrary<ApiRequest>): fc.Arbitrary<FuzzCase> {
  return base.map((request) => ({ type: 'request', rpc, request }));
}

/** Of one episode, as far as they agree on it. */
const streamMessage: fc.Arbitrary<StreamMessage> = fc.oneof(
  { weight: 20, arbitrary: state.map((observation) => ({ observation: withoutSession(observation) })) },
  { weight: 1, arbitrary: fc.oneof(state, changedState).map((observation) => ({ observation })) },
  { weight: 10, arbitrary: outcome.map((reported) => ({ outcome: reported })) },
  { weight: 1, arbitrary: anyBytes },
);
const stream: fc.Arbitrary<FuzzCase> = fc
  .array(streamMessage, { maxLength: 6 })
  .map((messages) => ({ type: 'stream', rpc: 'StreamActions', messages }));

function withoutSession({ session_id: _, ...rest }: ApiRequest): ApiRequest {
  return rest;
}

const unary: fc.Arbitrary<FuzzCase> = fc.oneof(
  { weight: 12, arbitrary: casesOf('PredictAction', state) },
  { weight: 1, arbitrary: casesOf('PredictAction', changedState) },
  { weight: 2, arbitrary: requestsOf('PredictActionStream', state) },
  { weight: 4, arbitrary: casesOf('ScoreActions', scoring) },
  { weight: 2, arbitrary: casesOf('PredictPlan', planning) },
  { weight: 2, arbitrary: casesOf('ReportOutcome', inSession(outcome)) },
  { weight: 1, arbitrary: requestsOf('GetEpisode', inSession(fc.constant({}))) },
  { weight: 1, arbitrary: casesOf('EndEpisode', inSession(ending)) },
  { weight: 1, arbitrary: casesOf('RollbackEpisode', inSession(rollback)) },
  { weight: 1, arbitrary: requestsOf('GetModel', naming) },
  { weight: 1, arbitrary: requestsOf('ListModels', fc.constant({})) },
  { weight: 1, arbitrary: casesOf('SetLabel', label) },
);

const CASES = { unary, stream, all: fc.oneof({ weight: 29, arbitrary: unary }, { weight: 1, arbitrary: stream }) };

/** Calls of one request, streams of messages, or both. */
export type FuzzKind = keyof typeof CASES;

/** The same cases for the same seed. */
export function fuzzCases(count: number, seed: number, kind: FuzzKind = 'all'): readonly FuzzCase[] {
  return fc.sample(CASES[kind], { numRuns: count, seed });
}

function encodeRequest(rpc: FuzzedRpc, value: ApiRequest): Buffer {
  const type = requestType(rpc);
  return Buffer.from(type.encode(type.fromObject(withStructs(value) as object)).finish());
}
