/** Configuration: flags over environment over file over defaults, one mechanical name per key in each. */
import { type Config, crossFieldProblems, KEYS, type KeyName } from './config-keys.ts';

export type { Config } from './config-keys.ts';

export type ConfigInput = {
  /** Arguments behind the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string;
};

/** What the command line asks for. */
export type Command =
  | { readonly type: 'help' }
  | { readonly type: 'version' }
  | { readonly type: 'print-config'; readonly config: Config; readonly sources: Sources }
  | { readonly type: 'serve'; readonly config: Config };

/** Where each key's value came from, e.g. `flag --http-port`. */
export type Sources = Readonly<Record<KeyName, string>>;

/** What is left of a configuration that is not acceptable. */
export type Remains = {
  /** With the default in place of each value that was refused. */
  readonly config: Config;
  readonly refused: ReadonlySet<string>;
};

/** Everything that is wrong with the configuration and the files that it names, one line per problem, each with its source. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  /** For whoever looks further. */
  readonly remains: Remains | undefined;

  constructor(
    problems: readonly string[],
    { remains, ...options }: ErrorOptions & { readonly remains?: Remains } = {},
  ) {
    super(problems.join('\n'), options);
    this.problems = problems;
    this.remains = remains;
  }
}

const ENV_PREFIX = 'LAM_GATEWAY_';
const CONFIG_ENV = `${ENV_PREFIX}CONFIG`;
/** Kubernetes sets these for a Service that is called lam-gateway. */
const KUBERNETES_ENV = /^LAM_GATEWAY_(SERVICE_(HOST|PORT(_.*)?)|PORT(_.*)?)$/;

const keyNames = Object.keys(KEYS) as readonly KeyName[];
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** `httpPort` -> `--http-port`. */
export function flagName(key: KeyName): string {
  return `--${words(key)}`;
}
/** `httpPort` -> `LAM_GATEWAY_HTTP_PORT`. */
export function envName(key: KeyName): string {
  return `${ENV_PREFIX}${words(key).replaceAll('-', '_').toUpperCase()}`;
}

type Found = { readonly value: unknown; readonly source: string };

/** Pure but for `readFile`. Throws {@link ConfigError} with all problems at once. */
export function loadConfig({ argv, env, readFile }: ConfigInput): Command {
  const problems: string[] = [];
  const flags = readFlags(argv, problems);
  if (flags.mode === 'help' || flags.mode === 'version') return { type: flags.mode };
  const path = flags.configPath ?? env[CONFIG_ENV];
  const found = new Map<KeyName, Found>();
  if (path !== undefined) readFileKeys(found, { path, readFile, problems });
  readEnv(found, env, problems);
  for (const [key, value] of flags.values) found.set(key, value);

  const sources: Partial<Record<KeyName, string>> = {};
  const values: Partial<Record<KeyName, unknown>> = {};
  const refused = new Set<KeyName>();
  for (const key of keyNames) {
    const { value, source } = found.get(key) ?? { value: KEYS[key].byDefault, source: 'default' };
    sources[key] = source;
    const result = KEYS[key].schema.safeParse(value);
    values[key] = result.success ? result.data : KEYS[key].byDefault;
    if (!result.success) {
      refused.add(key);
      problems.push(`${source}: ${result.error.issues[0]?.message ?? 'not acceptable'}, got ${shown(value)}`);
    }
  }
  const config = values as Config;
  Object.freeze(config);
  for (const [key, problem] of crossFieldProblems(config, refused)) {
    problems.push(`${key} (${sources[key]}): ${problem}, got ${shown(config[key])}`);
  }
  if (problems.length > 0) throw new ConfigError(problems, { remains: { config, refused } });
  return flags.mode === 'print-config'
    ? { type: 'print-config', config, sources: sources as Sources }
    : { type: 'serve', config };
}

/** A value in an error, without the password of a URL: errors end up in logs. */
function shown(value: unknown): string {
  return JSON.stringify(value).replace(/(:\/\/[^:@/"]*):[^@/"]*@/g, '$1:***@');
}

type Flags = {
  mode: 'serve' | 'help' | 'version' | 'print-config';
  configPath: string | undefined;
  readonly values: Map<KeyName, Found>;
};

/** `--key value` or `--key=value`. */
function readFlags(argv: readonly string[], problems: string[]): Flags {
  const flags: Flags = { mode: 'serve', configPath: undefined, values: new Map() };
  const keys = new Map(keyNames.map((key) => [flagName(key), key]));
  for (let i = 0; i < argv.length; i++) {
    const [flag = '', inline] = splitOnce(argv[i] ?? '');
    if (flag === '--help' || flag === '--version' || flag === '--print-config') {
      flags.mode = flag.slice(2) as Flags['mode'];
      continue;
    }
    const key = keys.get(flag);
    if (!flag.startsWith('-')) {
      problems.push(`argument ${flag}: not expected`);
      continue;
    }
    if (key === undefined && flag !== '--config') {
      problems.push(`flag ${flag}: unknown`);
      // What follows it was meant as its value.
      if (inline === undefined && argv[i + 1]?.startsWith('-') === false) i++;
      continue;
    }
    const text = inline ?? argv[++i];
    if (text === undefined) problems.push(`flag ${flag}: a value is missing`);
    else if (key === undefined) flags.configPath = text;
    else flags.values.set(key, { value: KEYS[key].fromText(text), source: `flag ${flag}` });
  }
  return flags;
}

function splitOnce(arg: string): readonly [string, string | undefined] {
  const at = arg.indexOf('=');
  return at < 0 ? [arg, undefined] : [arg.slice(0, at), arg.slice(at + 1)];
}

function readEnv(found: Map<KeyName, Found>, env: ConfigInput['env'], problems: string[]): void {
  const keys = new Map(keyNames.map((key) => [envName(key), key]));
  for (const [name, text] of Object.entries(env)) {
    if (text === undefined || !name.startsWith(ENV_PREFIX) || name === CONFIG_ENV) continue;
    const key = keys.get(name);
    if (key !== undefined) found.set(key, { value: KEYS[key].fromText(text), source: `env ${name}` });
    else if (!KUBERNETES_ENV.test(name)) problems.push(`env ${name}: unknown`);
  }
}

type FileInput = Pick<ConfigInput, 'readFile'> & { readonly path: string; readonly problems: string[] };

/** A JSON object whose keys are the configuration's. */
function readFileKeys(found: Map<KeyName, Found>, { path, readFile, problems }: FileInput): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFile(path));
  } catch (cause) {
    problems.push(`file ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
    return;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    problems.push(`file ${path}: expected a JSON object`);
    return;
  }
  for (const [key, value] of Object.entries(parsed)) {
    if (Object.hasOwn(KEYS, key)) found.set(key as KeyName, { value, source: `file ${path}, ${key}` });
    else problems.push(`file ${path}, ${key}: unknown`);
  }
}

/** The text of --help. */
export function helpText(): string {
  const lines = keyNames.flatMap((key) => [
    `  ${flagName(key)} VALUE, ${envName(key)}, "${key}"`,
    `      ${KEYS[key].description} (${JSON.stringify(KEYS[key].byDefault)})`,
  ]);
  return [
    'lam-gateway: one grounded UI action per request, over gRPC and HTTP',
    '',
    'Usage: lam-gateway [serve] [--config FILE] [--KEY VALUE]...',
    '       lam-gateway --help lists the other commands',
    '',
    `Each key can be a flag, an environment variable, or a key of the JSON file named by --config or ${CONFIG_ENV};`,
    'a flag overrides the environment, which overrides the file. Defaults are in parentheses.',
    '',
    ...lines,
    '',
    '  --print-config   print the resolved configuration with the source of each value, and exit',
    '  --version        print the version, and exit',
    '  --help           print this, and exit',
    '',
    'SIGTERM and SIGINT drain, a second one ends at once; SIGHUP reads labels, policy, access file and certificates again.',
    'Exit codes: 0 drained after SIGTERM or SIGINT; 1 failed, or requests were cut off; 64 no such command;',
    '78 the configuration, or a file that it names, is not acceptable.',
    '',
  ].join('\n');
}
