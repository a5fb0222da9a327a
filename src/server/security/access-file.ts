/** The access file, YAML or JSON: API keys by their digests, client certificates by their names, limits of each. */
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { HashedKey } from './api-keys.ts';
import type { CertificateRule } from './certificates.ts';
import { ANONYMOUS_NAME, type CallerLimits, type Principal, SCOPES } from './principal.ts';

/** A principal, until the time that the file states. */
export type Grant = {
  readonly principal: Principal;
  /** Milliseconds since 1970; undefined: for ever. */
  readonly expiresMs: number | undefined;
};

export type Access = {
  readonly keys: readonly HashedKey<Grant>[];
  readonly certificates: readonly CertificateRule<Grant>[];
  /** Of each subject of a token. */
  readonly tokenLimits: CallerLimits;
};

export const NO_ACCESS: Access = { keys: [], certificates: [], tokenLimits: {} };

/** More than a megabyte is no list of callers. */
const MAX_LENGTH = 1 << 20;
/** Each call is compared with each key, some 200 ns apiece. Who has more callers has an issuer of tokens. */
const MAX_KEYS = 1000;

const positive = z.int().min(1).max(1_000_000_000);
const limits = {
  requestsPerMinute: positive.optional(),
  burst: positive.optional(),
  maxConcurrent: positive.optional(),
};
const caller = {
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, {
      error: 'expected up to 64 letters, digits, dots, dashes, underscores and @',
    })
    .refine((name) => name !== ANONYMOUS_NAME, { error: 'taken by callers without credentials' }),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expires: z.iso.datetime({ offset: true, error: 'expected a time such as 2027-01-31T00:00:00Z' }).optional(),
  ...limits,
};
/** The digests are case-insensitive, as tools write them in either. */
const sha256 = z.string().regex(/^[0-9a-fA-F]{64}$/, { error: 'expected a SHA-256 digest, 64 hexadecimal digits' });
const name = z.string().min(1).max(512);
const schema = z.strictObject({
  keys: z
    .array(z.strictObject({ ...caller, sha256 }))
    .max(MAX_KEYS)
    .default([]),
  certificates: z.array(z.strictObject({ ...caller, subject: name.optional(), san: name.optional() })).default([]),
  tokens: z.strictObject(limits).default({}),
});
type File = z.infer<typeof schema>;
type Caller = Omit<File['keys'][number], 'sha256'>;

/** Throws an error that names the place and never quotes a value: a key might have been pasted instead of its digest. */
export function parseAccess(text: string): Access {
  if (text.length > MAX_LENGTH) throw new Error(`longer than ${MAX_LENGTH} characters`);
  const result = schema.safeParse(parseYaml(text));
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${withoutValue(issue)}`);
    throw new Error(problems.join('; '));
  }
  const { keys, certificates, tokens } = result.data;
  checkCallers([...keys, ...certificates]);
  checkDigests(keys);
  return {
    keys: keys.map((entry) => ({ sha256: Buffer.from(entry.sha256, 'hex'), owner: grant(entry, 'api_key') })),
    certificates: certificates.map((entry, i) => {
      const { subject, san } = entry;
      if ((subject === undefined) === (san === undefined)) throw new Error(`certificates.${i}: one of subject and san`);
      return { subject, san, owner: grant(entry, 'certificate') };
    }),
    tokenLimits: tokens,
  };
}

/** YAML holds JSON. No aliases, which could make a small file a huge one; no tags, which could make something else of it. */
function parseYaml(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { schema: 'core', lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) throw new Error(`line ${lines.linePos(error.pos[0]).line}: ${error.code}`);
  return document.toJS({ maxAliasCount: 0 }) ?? {};
}

/** No key and no digest looks like this. */
const FIELD_NAME = /^[A-Za-z_]{1,32}$/;

/** zod's own messages say what was expected; those of unknown keys quote what was found, which is told if it can be no secret. */
function withoutValue(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'unrecognized_keys') return issue.message;
  const names = issue.keys.filter((key) => FIELD_NAME.test(key)).map((key) => JSON.stringify(key));
  return ['a field that is not known', ...names].join(' ');
}

/** A caller with several credentials, for example an old and a new key, is one caller. */
function checkCallers(callers: readonly Caller[]): void {
  const known = new Map<string, string>();
  for (const { name, requestsPerMinute, burst, maxConcurrent } of callers) {
    const stated = JSON.stringify({ requestsPerMinute, burst, maxConcurrent });
    if ((known.get(name) ?? stated) !== stated) throw new Error(`${name}: has different limits in different entries`);
    known.set(name, stated);
  }
}

function checkDigests(keys: File['keys']): void {
  const digests = new Set(keys.map((key) => key.sha256.toLowerCase()));
  if (digests.size < keys.length) throw new Error('keys: the same sha256 twice');
}

function grant(entry: Caller, kind: Principal['kind']): Grant {
  const { name, scopes, expires, requestsPerMinute, burst, maxConcurrent } = entry;
  return {
    principal: { name, kind, scopes, limits: { requestsPerMinute, burst, maxConcurrent } },
    expiresMs: expires === undefined ? undefined : Date.parse(expires),
  };
}
