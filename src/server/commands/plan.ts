/** `lam-gateway plan`: what a model folder takes in memory and how fast it can be, before anything is loaded. */
import { GatewayError, type MemoryPlan, type ModelSizes, planMemory, readModelSizes } from '../../runtime/index.ts';
import { PLAN_USAGE, type PlanArguments, parsePlanArguments } from './plan-options.ts';

/** EX_USAGE, EX_DATAERR and EX_CONFIG of sysexits.h. */
const EXIT_USAGE = 64;
const EXIT_DATA = 65;

export type PlanStreams = { readonly out: (text: string) => void; readonly error: (text: string) => void };

const PROCESS_STREAMS: PlanStreams = {
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
};

/** Returns the exit code: 0 when the model fits (or no memory was given), 1 when it does not, 64 and 65 for wrong input. */
export function runPlan(argv: readonly string[], streams = PROCESS_STREAMS): number {
  try {
    const parsed = parsePlanArguments(argv);
    if (parsed === 'help') {
      streams.out(PLAN_USAGE);
      return 0;
    }
    return printPlan(parsed, streams);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    streams.error(`lam-gateway plan: ${error.message}\n`);
    return error.code === 'invalid_request' ? EXIT_USAGE : EXIT_DATA;
  }
}

function printPlan(parsed: PlanArguments, streams: PlanStreams): number {
  const { model: folder, context, kvType, weightsBytes, plan: options } = parsed;
  const model = readModelSizes(folder, {
    ...(kvType !== undefined && { kvType }),
    ...(weightsBytes !== undefined && { weightsBytes }),
  });
  if (context !== undefined && context > model.contextLength) {
    throw new GatewayError(
      'invalid_request',
      `--context: the model has ${model.contextLength} positions, not ${context}`,
    );
  }
  const bandwidth = parsed.bandwidth === 'measure' ? measureBandwidth() : parsed.bandwidth;
  const planned = {
    ...options,
    context: context ?? model.contextLength,
    ...(bandwidth !== undefined && { bandwidth }),
  };
  const plan = planMemory(model, planned);
  streams.out(
    parsed.json
      ? `${JSON.stringify({ model: folder, sizes: model, options: planned, plan }, null, 2)}\n`
      : table(folder, model, { plan, context: planned.context, bandwidth, deviceBytes: options.deviceBytes }),
  );
  return plan.fits === false ? 1 : 0;
}

type Table = {
  readonly plan: MemoryPlan;
  readonly context: number;
  readonly bandwidth: number | undefined;
  readonly deviceBytes: number | undefined;
};

function table(folder: string, model: ModelSizes, { plan, context, bandwidth, deviceBytes }: Table): string {
  const lines: (readonly [string, string])[] = [
    [
      'model',
      `${folder}: ${model.numLayers} layers, ${model.numKvHeads} of ${model.numHeads} heads in KV, ${model.kvType}`,
    ],
    ['weights', bytes(plan.weightsBytes)],
    ['KV per token', bytes(plan.kvBytesPerToken)],
    ['KV per slot', `${bytes(plan.kvBytesPerSlot)} for ${context} positions`],
    ['KV', `${bytes(plan.kvBytes)} for ${counted(plan.slots, 'slot')}`],
    ['prefix store', bytes(plan.prefixStoreBytes)],
    ['logits', bytes(plan.logitsBytes)],
    ['activations', `${bytes(plan.activationBytes)} (estimate)`],
    ['library', `${bytes(plan.overheadBytes)} (estimate)`],
    ['total', bytes(plan.totalBytes)],
  ];
  if (plan.maxSlots !== undefined && deviceBytes !== undefined) {
    const verdict = plan.fits ? '' : plan.maxSlots === 0 ? ': NOT EVEN ONE FITS' : `: ${plan.slots} DO NOT FIT`;
    lines.push(['slots that fit', `${plan.maxSlots} in ${bytes(deviceBytes)}${verdict}`]);
  }
  for (const { rows, stepsPerSecond, tokensPerSecond } of plan.speed ?? []) {
    const rate = `${round(stepsPerSecond)} steps/s, ${round(tokensPerSecond)} tokens/s`;
    lines.push([
      `decoding, ${counted(rows, 'row')}`,
      `at most ${rate} (estimate: full context, ${bytes(bandwidth ?? 0)}/s)`,
    ]);
  }
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join('');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), UNITS.length - 1);
  return `${round(value / 2 ** (10 * power))} ${UNITS[power]}`;
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

const MEASURED_BYTES = 64 * 2 ** 20;
const MEASUREMENTS = 5;

/** Bytes per second that one thread reads while it copies: the best of some copies, beyond any cache. */
function measureBandwidth(): number {
  const source = new Uint8Array(MEASURED_BYTES).fill(1);
  const target = new Uint8Array(MEASURED_BYTES).fill(2);
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < MEASUREMENTS; i++) {
    const start = performance.now();
    target.set(source);
    best = Math.min(best, performance.now() - start);
  }
  // A copy reads as much as it writes, and decoding only reads.
  return (2 * MEASURED_BYTES * 1000) / best;
}
