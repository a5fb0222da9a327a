/** What the fuzzer sends: states from plausible to absurd, broken documents, broken bytes. Seeded. */
import fc from 'fast-check';
import { functionCatalog } from '../../src/runtime/index.ts';
import { messageType } from '../../src/server/wire/schema.ts';
import type { ApiRequest } from '../support/api-clients.ts';
import { withStructs } from '../support/grpc-client.ts';

/** What is fuzzed: whatever clients may call without changing what is loaded. */
export type FuzzedRpc = 'PredictAction' | 'PredictPlan' | 'ScoreActions' | 'GetModel';

export type FuzzCase = { readonly rpc: FuzzedRpc } & (
  | { /** A request that both protocols can carry. */ readonly type: 'request'; readonly request: ApiRequest }
  | { /** A JSON document for HTTP alone. */ readonly type: 'json'; readonly body: Buffer }
  | { /** Bytes for gRPC alone. */ readonly type: 'protobuf'; readonly body: Buffer }
);

/** Names that have broken somebody's renderer, tokenizer or log before, but are names. */
const ODD = [
  '',
  ' ',
  '<|end|>',
  '<|T:Button|>',
  '<|controls|> =Bold',
  '"},{"id":"',
  '\\u0000',
  '%s%n',
  'Größe ändern',
  '太字',
  'עברית',
  'e\u0301',
  '👩‍👩‍👧',
  '\ufeff',
  '\ufffd',
  '\u2028',
  'a\tb',
  'line\nbreak',
  'none',
  '2',
  'x'.repeat(300),
  'é'.repeat(1000),
];
/** What must be refused. */
const BAD = ['\u0000', '\u0007', '\ud83d', 'é'.repeat(9000)];
const TYPES = ['Button', 'Edit', 'Document', 'TabItem', 'ListItem', 'ComboBox', 'Custom', 'Nonsense', '<|T:Edit|>'];

/** One in thirty is the other. */
function rarely<A, B>(usual: fc.Arbitrary<A>, other: fc.Arbitrary<B>): fc.Arbitrary<A | B> {
  return fc.oneof({ weight: 29, arbitrary: usual }, { weight: 1, arbitrary: other });
}

const name = fc.oneof(
  { weight: 300, arbitrary: fc.constantFrom('Bold', 'Italic', 'Save', 'Font Size', 'Body') },
  { weight: 100, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 20 }) },
  { weight: 100, arbitrary: fc.constantFrom(...ODD) },
  { weight: 1, arbitrary: fc.constantFrom(...BAD) },
);
const functionName = fc.oneof(
  { weight: 100, arbitrary: fc.constantFrom(...functionCatalog.keys()) },
  { weight: 1, arbitrary: name },
);
const control = fc.record(
  {
    id: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }),
    name,
    type: fc.constantFrom(...TYPES),
    rect: fc.array(fc.integer({ min: -4000, max: 4000 }), { minLength: 4, maxLength: 4 }),
    enabled: fc.boolean(),
    selected: fc.boolean(),
  },
  { requiredKeys: ['id', 'type'] },
);
const previousAction = fc.record(
  {
    function: functionName,
    args: fc.dictionary(
      rarely(fc.constantFrom('text', 'keys', 'button', 'double'), fc.constant('x y')),
      fc.oneof(name, fc.boolean(), rarely(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double())),
    ),
    control_name: name,
    result_status: rarely(fc.constantFrom('', 'success', 'failure', 'skipped'), fc.constant('maybe')),
    error: name,
  },
  { requiredKeys: ['function'] },
);
const request: fc.Arbitrary<ApiRequest> = fc.record(
  {
    request_id: rarely(fc.uuid(), name),
    session_id: rarely(fc.constant('s'), name),
    model: rarely(fc.constant(''), name),
    user_request: rarely(fc.constant('make the title bold'), name),
    subtask: name,
    app: fc.record({ process_name: fc.constantFrom('WINWORD.EXE', 'notepad.exe', ''), window_title: name }),
    controls: rarely(
      fc.uniqueArray(control, { maxLength: 30, selector: ({ id }) => id }),
      fc.array(control, { maxLength: 600, size: 'max' }),
    ),
    previous_plan: fc.array(name, { maxLength: 5 }),
    previous_actions: fc.array(previousAction, { maxLength: 5 }),
    allowed_functions: fc.uniqueArray(functionName, { maxLength: 4 }),
    options: fc.record({
      temperature: rarely(fc.constantFrom(0, 0.7, 2), fc.double()),
      seed: fc.nat(),
      max_text_bytes: rarely(fc.constantFrom(0, 1, 8, 32), fc.constant(5000)),
      candidates: rarely(fc.constantFrom(0, 1, 3), fc.constant(17)),
      priority: rarely(fc.nat(9), fc.constant(10)),
      want_thought: fc.boolean(),
    }),
  },
  { requiredKeys: ['user_request'] },
);
const changes = fc.record({
  base_hash: name,
  removed_ids: fc.array(name, { maxLength: 3 }),
  changed: fc.array(control, { maxLength: 3 }),
  added: fc.array(fc.record({ control, after_id: name }), { maxLength: 3 }),
});
const action = fc.record(
  {
    control_id: name,
    control_name: name,
    function: functionName,
    args: fc.dictionary(fc.constantFrom('text', 'button'), name),
    status: rarely(fc.constantFrom('', 'CONTINUE', 'FINISH', 'FAIL', 'CONFIRM'), name),
    thought: name,
    plan: fc.array(name, { maxLength: 3 }),
  },
  { requiredKeys: [] },
);
/** Mostly on a control of the state. */
const scoring = fc
  .tuple(request, fc.array(fc.tuple(action, fc.nat()), { maxLength: 4 }))
  .map(([{ options: _options, allowed_functions: _allowed, ...state }, actions]) => {
    const controls = (state['controls'] ?? []) as { id: string; name?: string }[];
    return {
      ...state,
      actions: actions.map(([made, at]) => {
        const target = controls[at % Math.max(1, controls.length)];
        return at % 10 === 0 ? made : { ...made, control_id: target?.id ?? '', control_name: target?.name ?? '' };
      }),
    };
  });
const planning = fc.record(
  { user_request: rarely(fc.constant('make it bold'), name), model: rarely(fc.constant(''), name), session_id: name },
  { requiredKeys: [] },
);
/** A path has no place for an empty name. */
const pathPart = name.filter((text) => text !== '');
const naming = fc.record({
  name: fc.oneof(fc.constantFrom('fake', 'lam-word'), pathPart),
  version: fc.oneof(fc.constantFrom('1', '2'), pathPart),
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

const changed = fc.tuple(request, changes).map(([whole, control_changes]) => ({ ...whole, control_changes }));

const fuzzCase: fc.Arbitrary<FuzzCase> = fc.oneof(
  { weight: 12, arbitrary: casesOf('PredictAction', request) },
  { weight: 1, arbitrary: casesOf('PredictAction', changed) },
  { weight: 4, arbitrary: casesOf('ScoreActions', scoring) },
  { weight: 2, arbitrary: casesOf('PredictPlan', planning) },
  {
    weight: 1,
    arbitrary: naming.map((value) => ({ rpc: 'GetModel', type: 'request', request: value }) as const),
  },
);

/** The same cases for the same seed. */
export function fuzzCases(count: number, seed: number): readonly FuzzCase[] {
  return fc.sample(fuzzCase, { numRuns: count, seed });
}

function encodeRequest(rpc: FuzzedRpc, value: ApiRequest): Buffer {
  const type = messageType(`${rpc}Request`);
  return Buffer.from(type.encode(type.fromObject(withStructs(value) as object)).finish());
}
