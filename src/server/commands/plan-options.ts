/** The arguments of `lam-gateway plan`: sizes with their units, counts, names. Pure. */
import { parseArgs } from 'node:util';
import { invalid, type PlanOptions } from '../../runtime/index.ts';

export type PlanArguments = {
  readonly model: string;
  readonly json: boolean;
  readonly context?: number;
  readonly kvType?: 'float32' | 'float16' | 'bfloat16';
  readonly weightsBytes?: number;
  /** Of memory in bytes per second; `measure`: of this machine. */
  readonly bandwidth?: number | 'measure';
  readonly plan: Pick<PlanOptions, 'slots' | 'deviceBytes' | 'prefixStoreBytes' | 'chunkTokens' | 'holdsScores'>;
};

const OPTIONS = {
  model: { type: 'string' },
  'device-memory': { type: 'string' },
  context: { type: 'string' },
  slots: { type: 'string' },
  'kv-dtype': { type: 'string' },
  provider: { type: 'string', default: 'cpu' },
  bandwidth: { type: 'string' },
  weights: { type: 'string' },
  parameters: { type: 'string' },
  'weight-bits': { type: 'string', default: '16' },
  'prefix-store': { type: 'string', default: '64MiB' },
  'chunk-tokens': { type: 'string', default: '256' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const PLAN_USAGE = `lam-gateway plan --model DIR [OPTION]...

What a model folder takes in memory, how many slots fit, and how fast decoding can be at most. Loads nothing.

  --model DIR            folder with genai_config.json
  --device-memory SIZE   memory of the CPU or GPU, such as 80GiB: tells how many slots fit
  --context N            positions per slot; default: the model's
  --slots N              default: as many as fit, or 1
  --provider NAME        cpu (default), cuda, webgpu, dml, coreml
  --kv-dtype TYPE        fp32, fp16 or bf16; default: what the graph's inputs say
  --weights SIZE         default: the size of the files
  --parameters N         instead of --weights, such as 7.25B
  --weight-bits N        of each of them: 4, 8, 16 (default) or 32
  --prefix-store SIZE    default 64MiB
  --chunk-tokens N       default 256
  --bandwidth SPEED      of the memory, such as 3.35TB/s, for an estimate of speed; "measure": of this machine
  --json                 for programs
`;

const SIZE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const COUNT_UNITS: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, B: 1e9, T: 1e12 };

export const KV_TYPES = {
  fp32: 'float32',
  float32: 'float32',
  fp16: 'float16',
  float16: 'float16',
  bf16: 'bfloat16',
  bfloat16: 'bfloat16',
} as const;

export const PROVIDERS: readonly string[] = ['cpu', 'cuda', 'webgpu', 'dml', 'directml', 'coreml'];

export const WEIGHT_BITS: readonly string[] = ['4', '8', '16', '32'];

/** Blocks of quantized weights share a 16-bit scale among 32 of them. */
const SCALE_BITS = 16 / 32;

/** Throws `GatewayError` (`invalid_request`) that names the option. `help`: the usage is asked for. */
export function parsePlanArguments(argv: readonly string[]): PlanArguments | 'help' {
  const values = parse(argv);
  if (values.help) return 'help';
  if (values.model === undefined || values.model === '') throw invalid('--model', 'a model folder is needed');
  const provider = choice('--provider', values.provider, PROVIDERS);
  return {
    model: values.model,
    json: values.json,
    ...optional('context', values.context, (text) => count('--context', text)),
    ...optional('kvType', values['kv-dtype'], kvType),
    ...optional('weightsBytes', values.weights ?? values.parameters, () => weights(values)),
    ...optional('bandwidth', values.bandwidth, (text) => (text === 'measure' ? text : bandwidth(text))),
    plan: {
      ...optional('slots', values.slots, (text) => count('--slots', text)),
      ...optional('deviceBytes', values['device-memory'], (text) => size('--device-memory', text)),
      prefixStoreBytes: size('--prefix-store', values['prefix-store']),
      chunkTokens: count('--chunk-tokens', values['chunk-tokens']),
      holdsScores: provider === 'cpu',
    },
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, strict: true }).values;
  } catch (error) {
    throw invalid('plan', error instanceof Error ? error.message : String(error));
  }
}

/** `{ [key]: read(text) }`, or nothing for an option that is not given. */
function optional<K extends string, T>(key: K, text: string | undefined, read: (text: string) => T) {
  return (text === undefined ? {} : { [key]: read(text) }) as { readonly [P in K]?: T };
}

function weights(values: ReturnType<typeof parse>): number {
  if (values.weights !== undefined && values.parameters !== undefined) {
    throw invalid('--parameters', 'say either --weights or --parameters');
  }
  if (values.weights !== undefined) return size('--weights', values.weights);
  const bits = Number(choice('--weight-bits', values['weight-bits'], WEIGHT_BITS));
  const numParameters = scaled('--parameters', values.parameters ?? '', COUNT_UNITS);
  return Math.ceil((numParameters * (bits + (bits < 16 ? SCALE_BITS : 0))) / 8);
}

function bandwidth(text: string): number {
  if (!text.endsWith('/s')) throw invalid('--bandwidth', `${JSON.stringify(text)} is no speed such as 900GB/s`);
  return size('--bandwidth', text.slice(0, -2));
}

function size(option: string, text: string): number {
  return Math.round(scaled(option, text, SIZE_UNITS));
}

function scaled(option: string, text: string, units: Readonly<Record<string, number>>): number {
  const match = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text);
  const unit = Object.hasOwn(units, match?.[2] ?? '-') ? units[match?.[2] ?? '-'] : undefined;
  const value = Number(match?.[1]) * (unit ?? Number.NaN);
  if (Number.isFinite(value) && value >= 0) return value;
  const known = Object.keys(units).filter((name) => name !== '');
  throw invalid(option, `${JSON.stringify(text)} is no number with one of the units ${known.join(', ')}`);
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value > 0) return value;
  throw invalid(option, `${JSON.stringify(text)} is no positive whole number`);
}

function kvType(text: string): (typeof KV_TYPES)[keyof typeof KV_TYPES] {
  return KV_TYPES[choice('--kv-dtype', text, Object.keys(KV_TYPES)) as keyof typeof KV_TYPES];
}

function choice(option: string, text: string, known: readonly string[]): string {
  if (known.includes(text)) return text;
  throw invalid(option, `${JSON.stringify(text)} is none of ${known.join(', ')}`);
}
