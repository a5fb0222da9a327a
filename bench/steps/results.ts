/** The one JSON object that the benchmark prints and keeps, and what of it is a verdict. */
import type { ModelKey } from './contestant.ts';
import type { Floor } from './floor.ts';
import type { Machine } from './machine.ts';
import type { Peak } from './peak.ts';
import type { EngineSummary, Ratios } from './summary.ts';

export type ModelResult = {
  readonly about: Readonly<Record<string, unknown>>;
  readonly engines: Readonly<Record<string, EngineSummary & { readonly about: Readonly<Record<string, unknown>> }>>;
  /** Least times of the gateway's own steps, one per class of step. */
  readonly floors: readonly (Floor & { readonly size: number; readonly is_first: boolean })[];
};

export type StepsResult = {
  readonly benchmark: 'steps';
  readonly date: string;
  readonly machine: Machine;
  readonly peak: Peak;
  readonly rounds: number;
  readonly notes: readonly string[];
  readonly models: Readonly<Partial<Record<ModelKey, ModelResult>>>;
  /** By peer and model: [low, median, high] over the rounds; above 1 the gateway is better. */
  readonly ratios: Readonly<Record<string, Readonly<Partial<Record<ModelKey, Ratios>>>>>;
  readonly bars: readonly Bar[];
};

/** A requirement and what was measured. */
export type Bar = {
  readonly name: string;
  readonly wanted: string;
  readonly measured: number | null;
  readonly met: boolean;
};

/** Least factors by peer and model, for the median step of one client and for throughput of 16. */
const WANTED: Readonly<Record<string, Readonly<Record<ModelKey, number>>>> = {
  llama_cpp: { shipped: 5, large: 3 },
  transformers_js: { shipped: 10, large: 3 },
};
const MAX_OVERHEAD_MS = 3;
const MAX_COMPUTED_SHARE = 0.5;

/** The bars that apply to what was measured. */
export function barsOf({ models, ratios }: Pick<StepsResult, 'models' | 'ratios'>): Bar[] {
  const bars: Bar[] = [];
  for (const [peer, factors] of Object.entries(WANTED)) {
    for (const model of ['shipped', 'large'] as const) {
      const ratio = ratios[peer]?.[model];
      if (ratio === undefined) continue;
      for (const key of ['p50_1', 'steps_per_s_16'] as const) {
        const measured = ratio[key][1];
        const wanted = factors[model];
        bars.push({ name: `${peer}, ${model}, ${key}`, wanted: `>= ${wanted}`, measured, met: measured >= wanted });
      }
    }
  }
  const gateway = models.shipped?.engines['gateway'];
  const classes = gateway?.classes ?? [];
  for (const { size, is_first, overhead_p50_ms: measured } of classes) {
    if (size !== 165) continue;
    const name = `gateway, 165 controls, ${is_first ? 'first' : 'later'} steps: overhead p50, ms`;
    bars.push({ name, wanted: `< ${MAX_OVERHEAD_MS}`, measured, met: measured < MAX_OVERHEAD_MS });
  }
  if (gateway !== undefined && gateway.later_steps.all.steps > 0) {
    const name = 'gateway, later steps of episodes: mean share of the prompt computed';
    const measured = gateway.later_steps.all.mean;
    bars.push({ name, wanted: `<= ${MAX_COMPUTED_SHARE}`, measured, met: measured <= MAX_COMPUTED_SHARE });
  }
  return bars;
}

/** How things were measured, where it favours somebody or is not obvious. */
export const NOTES: readonly string[] = [
  'All engines get the same states in the same order, as an expert plays the episodes; no episode is met twice.',
  'The gateway is measured at its client: gRPC, protobuf on both sides, validation, rendering and tokenizing are in its time.',
  'Peers are measured inside their own process, from token ids to the last answer token: no network, no rendering, no parsing.',
  'llama_cpp answers in JSON by a grammar made from a JSON schema per request, as node-llama-cpp offers it; the answer ends with the closing brace. llama_cpp_free gives the compact answer without a grammar. Both keep a sequence per client, so that only what differs from the prompt before is computed.',
  'transformers_js gives the compact answer without a grammar; it keeps nothing between prompts and does not batch, so its clients wait for one another.',
  'GGUF holds the same 8-bit levels as the ONNX file; scales are rounded from single to half precision; llama.cpp keeps its KV cache in half precision and rounds activations to 8 bits.',
  'On the large model (random weights) all answers are a click: the gateway decodes one by its grammar, llama_cpp writes at most 64 tokens of JSON, engines without a grammar write exactly 10 tokens.',
  'The reference is greedy decoding by PyTorch in float32 with the shipped weights, without a grammar; equal means the same control, function, arguments and status.',
];
