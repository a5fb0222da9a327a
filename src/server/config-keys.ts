/** Every configuration key: type, range, default and meaning. The one schema; config.ts reads values for it. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** One key. `fromText` turns a flag or an environment variable into what the schema checks. */
export type Key<T> = {
  readonly schema: z.ZodType<T>;
  readonly byDefault: T;
  /** For --help: meaning and unit. */
  readonly description: string;
  readonly fromText: (text: string) => unknown;
};

function integer([min, max]: readonly [number, number], byDefault: number, description: string): Key<number> {
  const error = `expected an integer from ${min} to ${max}`;
  return {
    schema: z.number({ error }).int({ error }).min(min, { error }).max(max, { error }),
    byDefault,
    description,
    fromText: (text) => (/^-?\d+$/.test(text) ? Number(text) : text),
  };
}

function string(byDefault: string, description: string): Key<string> {
  return { schema: z.string({ error: 'expected a string' }), byDefault, description, fromText: (text) => text };
}

/** In text: separated by commas. */
function names(byDefault: readonly string[], description: string): Key<readonly string[]> {
  const error = 'expected names in lower case, at least one';
  return {
    schema: z.array(z.string({ error }).regex(/^[a-z]+$/, { error }), { error }).min(1, { error }),
    byDefault,
    description,
    fromText: (text) => text.split(',').map((name) => name.trim()),
  };
}

function oneOf<T extends string>(values: readonly T[], byDefault: T, description: string): Key<T> {
  const error = `expected one of ${values.join(', ')}`;
  return { schema: z.enum(values, { error }), byDefault, description, fromText: (text) => text };
}

const PORTS = [0, 65_535] as const;
const MILLISECONDS = [1, 3_600_000] as const;
const CORES = availableParallelism();

export const KEYS = {
  host: string('127.0.0.1', 'address to listen on; there is no authentication, so other than loopback needs a proxy'),
  httpPort: integer(PORTS, 8080, 'HTTP port; 0 picks a free one'),
  grpcPort: integer(PORTS, 50_051, 'gRPC port; 0 picks a free one'),
  modelsDir: string('models', 'directory of model folders, <name>/<version>/'),
  defaultModel: string('', 'model for requests that name none: name or name:version; empty: the first action model'),
  slots: integer([1, 1024], 8, 'sequences that one model runs at once; each owns a KV slot'),
  threads: integer([1, 1024], CORES, 'threads of one engine for one step; by default one per core'),
  executionProviders: names(['cpu'], 'ONNX Runtime execution providers in order of preference'),
  queueRequests: integer([0, 1_000_000], 64, 'requests that may wait for a slot, per model'),
  queueTokens: integer([1, 1_000_000_000], 65_536, 'prompt tokens that may wait for a slot, per model'),
  stepTokens: integer([2, 1_000_000], 512, 'most tokens that one engine step computes'),
  chunkTokens: integer([1, 1_000_000], 256, 'most tokens of one prompt that one engine step computes'),
  maxBodyBytes: integer([1024, 1 << 30], 4 << 20, 'largest request in bytes, HTTP body or gRPC message'),
  maxControls: integer([1, 100_000], 500, 'most controls in one request'),
  defaultDeadlineMs: integer(MILLISECONDS, 30_000, 'deadline of requests that name none, in milliseconds'),
  maxDeadlineMs: integer(MILLISECONDS, 60_000, 'longest deadline that a request gets, in milliseconds'),
  drainTimeoutMs: integer([0, 3_600_000], 25_000, 'how long requests may go on after SIGTERM, in milliseconds'),
  logLevel: oneOf(LOG_LEVELS, 'info', `least severe event that is logged: ${LOG_LEVELS.join(', ')}`),
} as const;

export type KeyName = keyof typeof KEYS;
export type Config = {
  readonly [K in KeyName]: (typeof KEYS)[K] extends Key<infer T> ? T : never;
};

/** Rules over several keys, each as the key to blame and what is wrong. */
export function crossFieldProblems(config: Config): readonly (readonly [KeyName, string])[] {
  const problems: (readonly [KeyName, string])[] = [];
  if (config.stepTokens <= config.slots) {
    problems.push(['stepTokens', `expected more than slots (${config.slots}), so that a prompt proceeds at full load`]);
  }
  if (config.chunkTokens > config.stepTokens) {
    problems.push(['chunkTokens', `expected at most stepTokens (${config.stepTokens})`]);
  }
  if (config.defaultDeadlineMs > config.maxDeadlineMs) {
    problems.push(['defaultDeadlineMs', `expected at most maxDeadlineMs (${config.maxDeadlineMs})`]);
  }
  if (config.httpPort === config.grpcPort && config.httpPort !== 0) {
    problems.push(['grpcPort', `the same as httpPort (${config.httpPort})`]);
  }
  return problems;
}
