/** This gateway, in a process of its own, over gRPC as an agent uses it. */
import { basename, dirname } from 'node:path';
import type { PredictResponse } from '../agent/gateway-client.ts';
import { startGateway } from '../agent/running-gateway.ts';
import { type Contestant, LARGE_FUNCTIONS, type ModelKey, type Played, type StepResult } from './contestant.ts';
import { SERVER_CLOCK } from './inside-trailer.ts';
import { judge } from './judge.ts';
import { ThinClient, type Timed } from './thin-client.ts';
import { requestOf, type WorkStep } from './work.ts';

/** What the answer says beyond what the agent reads. */
type Response = PredictResponse & {
  readonly usage: { readonly cached_tokens: number };
  readonly timing: {
    readonly queue_ms: number;
    readonly render_ms: number;
    readonly prefill_ms: number;
    readonly decode_ms: number;
  };
};

export type GatewayOptions = {
  readonly model: ModelKey;
  /** `<models directory>/<name>/<version>`. All that is in the directory is served, and this one asked. */
  readonly folder: string;
  readonly threads: number;
  /** KV slots: the most clients that will play at once. */
  readonly slots: number;
  /** Further settings, as on its command line. */
  readonly flags?: readonly string[];
};

export async function openGateway({ model, folder, threads, slots, flags = [] }: GatewayOptions): Promise<Contestant> {
  const name = dirname(folder);
  const settings = ['--models-dir', dirname(name), '--slots', String(slots), '--threads', String(threads), ...flags];
  const gateway = await startGateway(settings, ['--import', SERVER_CLOCK]);
  const client = new ThinClient(gateway.grpc);
  const served = `${basename(name)}:${basename(folder)}`;
  return {
    name: 'gateway',
    about: { settings: settings.join(' '), transport: 'gRPC on loopback, one connection' },
    prepare: async () => {},
    play: async (lanes, run) => {
      const startMs = performance.now();
      const results = await Promise.all(lanes.map((lane) => playLane({ client, lane, model, served, run })));
      return { steps: results.flat(), wallMs: performance.now() - startMs } satisfies Played;
    },
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

type Lane = {
  readonly client: ThinClient;
  readonly lane: readonly WorkStep[];
  readonly model: ModelKey;
  /** `name:version` */
  readonly served: string;
  readonly run: string;
};

async function playLane({ client, lane, model, served, run }: Lane): Promise<StepResult[]> {
  const results: StepResult[] = [];
  for (const work of lane) {
    const request = { ...requestOf(work, run), model: served };
    const asked = model === 'large' ? { ...request, allowed_functions: LARGE_FUNCTIONS } : request;
    results.push(toResult(work, await client.predictAction(asked)));
  }
  return results;
}

function toResult(work: WorkStep, { answer, latencyMs, insideMs }: Timed): StepResult {
  const { action, usage, timing } = answer as Response;
  const known = timing.queue_ms + timing.render_ms + timing.prefill_ms + timing.decode_ms;
  const answered = {
    thought: '',
    controlId: action.control_id,
    controlName: action.control_name,
    function: action.function,
    args: action.args,
    status: action.status as 'CONTINUE',
    plan: [],
  };
  return {
    size: work.size,
    isFirst: work.step === 0,
    window: work.window,
    latencyMs,
    phases: {
      queue: timing.queue_ms,
      prepare: timing.render_ms,
      prefill: timing.prefill_ms,
      decode: timing.decode_ms,
      rest: insideMs - known,
      wire: latencyMs - insideMs,
    },
    promptTokens: usage.prompt_tokens,
    cachedTokens: usage.cached_tokens,
    generatedTokens: usage.generated_tokens,
    forcedTokens: usage.forced_tokens,
    verdict: judge(work.state, answered, work.reference),
  };
}
