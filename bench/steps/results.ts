/** The one JSON object that the benchmark prints and keeps, and what of it is a verdict. */
import type { ModelKey } from './contestant.ts';
import type { Floor } from './floor.ts';
import type { Machine } from './machine.ts';
import type { Peak } from './peak.ts';
import { round } from './stats.ts';
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
  /** Of a bar that was missed: what stands in the way. */
  readonly why?: string;
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
        const met = measured >= wanted;
        const why = met ? undefined : whyMissed(models[model], { peer, key, wanted });
        const bar = { name: `${peer}, ${model}, ${key}`, wanted: `>= ${wanted}`, measured, met };
        bars.push({ ...bar, ...(why !== undefined && { why }) });
      }
    }
  }
  const gateway = models.shipped?.engines['gateway'];
  const classes = gateway?.classes ?? [];
  for (const step of classes) {
    if (step.size !== 165) continue;
    const { queue, prepare, rest, wire } = step.phases_ms;
    const why = `${queue} ms of waiting, ${prepare} ms for prompt and grammar, ${rest} ms for gRPC, protobuf, policy and the answer; ${wire} ms between client and gateway`;
    const measures = { 'within the gateway': step.overhead_inside_p50_ms, 'at the client': step.overhead_p50_ms };
    for (const [where, measured] of Object.entries(measures)) {
      const name = `gateway, 165 controls, ${step.is_first ? 'first' : 'later'} steps: overhead p50 ${where}, ms`;
      const met = measured < MAX_OVERHEAD_MS;
      bars.push({ name, wanted: `< ${MAX_OVERHEAD_MS}`, measured, met, ...(!met && { why }) });
    }
  }
  if (gateway !== undefined && gateway.later_steps.all.steps > 0) {
    const name = 'gateway, later steps of episodes: mean share of the prompt computed';
    const { all, same_window: same, other_window: other } = gateway.later_steps;
    const met = all.mean <= MAX_COMPUTED_SHARE;
    const why = `${same.mean} of it where the controls are those of the step before, ${other.mean} where others came: what follows the first that differs is computed`;
    bars.push({ name, wanted: `<= ${MAX_COMPUTED_SHARE}`, measured: all.mean, met, ...(!met && { why }) });
  }
  return bars;
}

type Missed = { readonly peer: string; readonly key: 'p50_1' | 'steps_per_s_16'; readonly wanted: number };

/** What the bar asks of a step, against the least time that the machine needs for it. */
function whyMissed(model: ModelResult | undefined, { peer, key, wanted }: Missed): string | undefined {
  const clients = model?.engines[peer]?.clients;
  const classes = model?.engines['gateway']?.classes;
  if (model === undefined || clients === undefined || classes === undefined) return undefined;
  const asked = key === 'p50_1' ? clients[1].p50_ms[1] / wanted : 1e3 / (clients[16].steps_per_s[1] * wanted);
  const numSteps = classes.reduce((sum, { steps }) => sum + steps, 0);
  const floor = (read: (floor: Floor) => number) =>
    round(model.floors.reduce((sum, each, i) => sum + read(each) * (classes[i]?.steps ?? 0), 0) / numSteps);
  const [int8, float32] = [floor((each) => each.floor_int8_ms), floor((each) => each.floor_f32_ms)];
  return `it asks for ${round(asked)} ms per step; the multiply-adds of a mean step alone take ${int8} ms in 8 bits and ${float32} ms in float32 at the measured peak`;
}

/** How things were measured, where it favours somebody or is not obvious. */
export const NOTES: readonly string[] = [
  'All engines get the same states in the same order, as an expert plays the episodes; no episode is met twice.',
  'The gateway is measured at the other end of a loopback connection, from the encoded request to the last byte of the answer: HTTP/2, protobuf, validation, rendering and tokenizing are in its time.',
  'Peers are measured inside their own process, from token ids to the last answer token: no network, no rendering, no parsing.',
  'llama_cpp answers in JSON by a grammar made from a JSON schema per request, as node-llama-cpp offers it; the answer ends with the closing brace. llama_cpp_free gives the compact answer without a grammar. Both keep a sequence per client, so that only what differs from the prompt before is computed.',
  'transformers_js gives the compact answer without a grammar; it keeps nothing between prompts and does not batch, so its clients wait for one another.',
  'GGUF holds the same 8-bit levels as the ONNX file; scales are rounded from single to half precision; llama.cpp keeps its KV cache in half precision and rounds activations to 8 bits.',
  'On the large model (random weights) all answers are a click: the gateway decodes one by its grammar, llama_cpp writes at most 64 tokens of JSON, engines without a grammar write exactly 10 tokens.',
  'The reference is greedy decoding by PyTorch in float32 with the shipped weights, without a grammar; equal means the same control, function, arguments and status.',
];
