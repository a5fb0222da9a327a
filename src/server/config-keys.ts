/** Every configuration key: type, range, default and meaning. The one schema; config.ts reads values for it. */
import { availableParallelism } from 'node:os';
import { AUDIT_KEYS } from './audit/config-keys.ts';
import { bytes, integer, type Key, MILLISECONDS, names, oneOf, string } from './config-key.ts';
import { EPISODE_KEYS, episodeProblems } from './episodes/config-keys.ts';
import { LABEL_KEYS, labelProblems } from './labels/config-keys.ts';
import { POLICY_KEYS } from './policy/config-keys.ts';
import { SECURITY_KEYS, securityProblems } from './security/config-keys.ts';
import { TRACING_KEYS, tracingProblems } from './tracing/config-keys.ts';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const PORTS = [0, 65_535] as const;
const CORES = availableParallelism();

export const KEYS = {
  host: string('127.0.0.1', 'address to listen on; other than loopback needs authentication, or anonymous set to any'),
  httpPort: integer(PORTS, 8080, 'HTTP port; 0 picks a free one'),
  grpcPort: integer(PORTS, 50_051, 'gRPC port; 0 picks a free one'),
  modelsDir: string('models', 'directory of model folders, <name>/<version>/'),
  defaultModel: string(
    '',
    'action model for requests that name none: name, name:version or name:label; empty: the first',
  ),
  planModel: string('', 'plan model for requests that name none; empty: the first'),
  rewardModel: string('', 'model that scores actions and helps to order candidates; empty: the first reward model'),
  slots: integer([1, 1024], 8, 'sequences that one model runs at once; each owns a KV slot'),
  threads: integer([1, 1024], CORES, 'threads of one engine for one step; by default one per core'),
  spin: oneOf(
    ['step', 'never'],
    'step',
    'when those threads spin while they wait for each other: through a step, or never, if other programs need the cores',
  ),
  executionProviders: names(['cpu'], 'ONNX Runtime execution providers in order of preference'),
  queueRequests: integer([0, 1_000_000], 64, 'requests that may wait for a slot, per model'),
  maxQueueMs: integer(
    [1, 3_600_000],
    1_000,
    'longest time that a request is to wait for a slot, in milliseconds; beyond, 429',
  ),
  queueTokens: integer([1, 1_000_000_000], 65_536, 'prompt tokens that may wait for a slot, per model'),
  stepTokens: integer([2, 1_000_000], 512, 'most tokens that one engine step computes'),
  chunkTokens: integer([1, 1_000_000], 256, 'most tokens of one prompt that one engine step computes'),
  prefixStoreBytes: bytes([0, 2 ** 40], 256 << 20, 'memory for computed prompts that repeat, per model; 0: none'),
  kvBlockTokens: integer([1, 4096], 32, 'tokens of a block in that memory; prompts are reused in whole blocks'),
  stepTimeoutMs: integer([0, 3_600_000], 30_000, 'an engine step that takes longer restarts the engine; 0: never'),
  maxMemoryBytes: bytes([0, 2 ** 50], 0, 'memory for all models together: weights, KV, prefix stores; 0: no ceiling'),
  maxBodyBytes: bytes([1024, 1 << 30], 4 << 20, 'largest request, HTTP body or gRPC message'),
  maxControls: integer([1, 100_000], 500, 'most controls in one request'),
  defaultDeadlineMs: integer(MILLISECONDS, 30_000, 'deadline of requests that name none, in milliseconds'),
  maxDeadlineMs: integer(MILLISECONDS, 60_000, 'longest deadline that a request gets, in milliseconds'),
  drainTimeoutMs: integer([0, 3_600_000], 25_000, 'how long requests may go on after SIGTERM, in milliseconds'),
  logLevel: oneOf(LOG_LEVELS, 'info', `least severe event that is logged: ${LOG_LEVELS.join(', ')}`),
  ...EPISODE_KEYS,
  ...SECURITY_KEYS,
  ...POLICY_KEYS,
  ...AUDIT_KEYS,
  ...LABEL_KEYS,
  ...TRACING_KEYS,
} as const;

export type KeyName = keyof typeof KEYS;
export type Config = {
  readonly [K in KeyName]: (typeof KEYS)[K] extends Key<infer T> ? T : never;
};

/** A key to blame, and what is wrong. */
type Problem = readonly [key: KeyName, problem: string];

/** Rules over several keys. */
const RULES: readonly ((config: Config) => readonly Problem[])[] = [
  ({ stepTokens, slots }) => {
    const problem = `expected more than slots (${slots}), so that a prompt proceeds at full load`;
    return stepTokens <= slots ? [['stepTokens', problem]] : [];
  },
  ({ chunkTokens, stepTokens }) =>
    chunkTokens > stepTokens ? [['chunkTokens', `expected at most stepTokens (${stepTokens})`]] : [],
  ({ defaultDeadlineMs, maxDeadlineMs }) =>
    defaultDeadlineMs > maxDeadlineMs
      ? [['defaultDeadlineMs', `expected at most maxDeadlineMs (${maxDeadlineMs})`]]
      : [],
  ({ httpPort, grpcPort }) =>
    httpPort === grpcPort && httpPort !== 0 ? [['grpcPort', `the same as httpPort (${httpPort})`]] : [],
  episodeProblems,
  securityProblems,
  labelProblems,
  tracingProblems,
];

/** What several keys together are not. A rule that looks at one of `refused`, whose value is not known, says nothing. */
export function crossFieldProblems(config: Config, refused: ReadonlySet<string> = new Set()): readonly Problem[] {
  return RULES.flatMap((rule) => {
    let isDecided = true;
    const watched = new Proxy(config, {
      get(target, key, receiver) {
        if (typeof key === 'string' && refused.has(key)) isDecided = false;
        return Reflect.get(target, key, receiver);
      },
    });
    const problems = rule(watched);
    return isDecided ? problems : [];
  });
}
