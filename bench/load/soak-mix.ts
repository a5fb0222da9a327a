/** The calls of a soak: mostly plain ones, and everything else that clients do to a server. */
import type { Random } from '../desktop/random.ts';
import type { LoadClient } from './load-client.ts';

export type SoakTarget = {
  readonly client: LoadClient;
  /** Base URL. */
  readonly http: string;
  /** Requests as objects; each call takes one. */
  readonly requests: readonly object[];
  readonly random: Random;
};

/** What a call may end with. Anything else is a fault. */
type Kind = {
  readonly share: number;
  readonly allowed: ReadonlySet<string>;
  readonly call: (target: SoakTarget, request: object) => Promise<string>;
};

const DEADLINE_MS = 30_000;
/** A burst of arrivals may be too much for a moment; reloads must not be noticed. */
const ANSWERS = ['ok', 'overloaded'];

const KINDS: Readonly<Record<string, Kind>> = {
  plain: { share: 60, allowed: new Set(ANSWERS), call: (target, request) => grpc(target, request) },
  session: {
    share: 10,
    allowed: new Set(ANSWERS),
    call: (target, request) => grpc(target, { ...request, session_id: `soak-${target.random.int(0, 1e9)}` }),
  },
  http: {
    share: 8,
    allowed: new Set(ANSWERS),
    call: (target, request) => post(target, '/v1/actions:predict', JSON.stringify(plainArgs(request))),
  },
  cancelled: {
    share: 8,
    allowed: new Set([...ANSWERS, 'cancelled']),
    call: async (target, request) => {
      const cancelAfterMs = target.random.int(0, 40);
      const { client } = target;
      return (await client.call(client.encode(request), { deadlineMs: DEADLINE_MS, cancelAfterMs })).code;
    },
  },
  late: {
    share: 6,
    allowed: new Set([...ANSWERS, 'deadline_exceeded']),
    call: async ({ client, random }, request) =>
      (await client.call(client.encode(request), { deadlineMs: random.int(1, 30) })).code,
  },
  'no task': {
    share: 2,
    allowed: new Set(['invalid_request', 'overloaded']),
    call: (target, request) => grpc(target, { ...request, user_request: '' }),
  },
  'same ids': {
    share: 2,
    allowed: new Set(['invalid_request', 'overloaded']),
    call: (target, request) => {
      const [control] = (request as { controls: readonly object[] }).controls;
      return grpc(target, { ...request, controls: [control, control] });
    },
  },
  'unknown model': {
    share: 2,
    allowed: new Set(['model_not_found', 'overloaded']),
    call: (target, request) => grpc(target, { ...request, model: `none-${target.random.int(0, 1e6)}` }),
  },
  'no JSON': {
    share: 1,
    allowed: new Set(['invalid_request', 'overloaded']),
    call: (target) => post(target, '/v1/actions:predict', '{"user_request": '),
  },
  'not protobuf': {
    share: 1,
    // gRPC itself refuses what it cannot decode, as an internal error.
    allowed: new Set(['invalid_request', 'internal', 'overloaded']),
    call: async ({ client }) => (await client.call(Buffer.from([0xff, 0xff, 0xff]), { deadlineMs: DEADLINE_MS })).code,
  },
};

const TOTAL = Object.values(KINDS).reduce((sum, { share }) => sum + share, 0);

export type MixOutcome = { readonly kind: string; readonly code: string; readonly isFault: boolean };

/** One call of a random kind. Never rejects: what goes wrong is the outcome. */
export async function mixedCall(target: SoakTarget): Promise<MixOutcome> {
  let draw = target.random.next() * TOTAL;
  for (const [kind, { share, allowed, call }] of Object.entries(KINDS)) {
    draw -= share;
    if (draw >= 0) continue;
    const code = await call(target, target.random.pick(target.requests)).catch((error: unknown) => `broken: ${error}`);
    return { kind, code, isFault: !allowed.has(code) };
  }
  throw new RangeError('the shares do not add up');
}

async function grpc({ client }: SoakTarget, request: object): Promise<string> {
  return (await client.call(client.encode(request), { deadlineMs: DEADLINE_MS })).code;
}

/** The error's code out of the answer, or `ok`. */
export async function post({ http }: Pick<SoakTarget, 'http'>, path: string, body: string): Promise<string> {
  const response = await fetch(`${http}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const answer = (await response.json()) as { readonly error?: { readonly code?: string } };
  return response.ok ? 'ok' : (answer.error?.code ?? `status ${response.status}`);
}

/** In JSON, a Struct is a plain object. */
function plainArgs(request: object): object {
  type Struct = { readonly fields: Readonly<Record<string, object>> };
  const { previous_actions: history = [] } = request as { previous_actions?: readonly { readonly args: Struct }[] };
  const plain = ({ fields }: Struct) =>
    Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, Object.values(value)[0]]));
  return { ...request, previous_actions: history.map((action) => ({ ...action, args: plain(action.args) })) };
}
