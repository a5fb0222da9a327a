/** All engines on one model: opened, played against each other, summed up. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeLlamaGguf } from '../peers/gguf/write-llama.ts';
import { type BenchModel, buildLargeModel, type LargeOptions } from '../peers/large/build.ts';
import { writeTransformersFolder } from '../peers/transformers-folder.ts';
import { readModelFolder } from '../peers/weights/read-onnx.ts';
import type { Contestant, ModelKey } from './contestant.ts';
import { floorOf } from './floor.ts';
import { openGateway } from './gateway-contestant.ts';
import type { Peak } from './peak.ts';
import { openPeer } from './peer-contestant.ts';
import type { ModelResult } from './results.ts';
import { type NumClients, playRounds, type RoundOptions } from './rounds.ts';
import { type Ratios, ratiosOf, summarize } from './summary.ts';
import { readTokenizer, type WorkSource } from './work.ts';

/** Engines by the name they are chosen with. */
export const ENGINES = ['gateway', 'llama_cpp', 'llama_cpp_free', 'transformers_js'] as const;
export type EngineName = (typeof ENGINES)[number];

/** Models that the benchmark makes; outside git. */
const MADE_MODELS = join('.build', 'bench-models');

/** Of the shipped folder: its model as every engine takes it. */
export function shippedModel(folder: string): BenchModel {
  const { config, ...weights } = readModelFolder(folder);
  const { files } = JSON.parse(readFileSync(join(folder, 'lam.json'), 'utf8')) as {
    files: Record<string, { sha256: string }>;
  };
  const made = join(MADE_MODELS, files['model.onnx']?.sha256.slice(0, 16) ?? 'shipped');
  mkdirSync(made, { recursive: true });
  const gguf = join(made, 'model.gguf');
  if (!existsSync(gguf)) writeLlamaGguf(gguf, { config, ...weights }, folder);
  const transformers = join(made, 'transformers');
  writeTransformersFolder(transformers, config, join(folder, 'model.onnx'));
  return { config, folder, gguf, transformers };
}

export function largeModel(shipped: string, options: LargeOptions): BenchModel {
  return buildLargeModel(MADE_MODELS, shipped, options);
}

export type ComparisonOptions = RoundOptions & {
  readonly key: ModelKey;
  readonly model: BenchModel;
  readonly engines: readonly EngineName[];
  readonly packages: string;
  readonly threads: number;
  readonly peak: Peak;
  readonly source: WorkSource;
  readonly gatewayFlags: readonly string[];
};

/** Most clients that play at once. */
const SLOTS: NumClients = 16;

export async function compare(
  options: ComparisonOptions,
): Promise<{ readonly result: ModelResult; readonly ratios: Readonly<Record<string, Ratios>> }> {
  const { key, model, engines, peak, source } = options;
  const contestants: Contestant[] = [];
  try {
    for (const engine of engines) contestants.push(await open(engine, options));
    const record = await playRounds(contestants, source, options);
    const summaries = summarize(record);
    const about = (name: string) => contestants.find((contestant) => contestant.name === name)?.about ?? {};
    const classes = summaries['gateway']?.classes ?? [];
    const result: ModelResult = {
      about: { key, folder: model.folder, ...model.config },
      engines: Object.fromEntries(
        Object.entries(summaries).map(([name, summary]) => [name, { about: about(name), ...summary }]),
      ),
      floors: classes.map((step) => ({
        size: step.size,
        is_first: step.is_first,
        ...floorOf(model.config, step, peak),
      })),
    };
    return { result, ratios: ratiosOf(record) };
  } finally {
    for (const contestant of contestants) await contestant[Symbol.asyncDispose]();
  }
}

function open(engine: EngineName, options: ComparisonOptions): Promise<Contestant> {
  const { key, model, packages, threads, gatewayFlags } = options;
  if (engine === 'gateway') {
    return openGateway({
      model: key,
      folder: model.folder,
      threads,
      slots: SLOTS,
      flags: gatewayFlags,
    });
  }
  const isLlama = engine !== 'transformers_js';
  return openPeer({
    engine: isLlama ? 'llama_cpp' : 'transformers_js',
    mode: engine === 'llama_cpp' ? 'grammar' : 'free',
    model: key,
    path: isLlama ? model.gguf : model.transformers,
    packages,
    threads,
    tokenizer: readTokenizer(model.folder),
  });
}
