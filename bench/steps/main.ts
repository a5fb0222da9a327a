/** `npm run bench:steps`: the same steps on this gateway, on llama.cpp and on transformers.js, interleaved. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installPeers } from '../peers/install.ts';
import { compare, ENGINES, type EngineName, largeModel, shippedModel } from './comparison.ts';
import { MODELS, type ModelKey } from './contestant.ts';
import { describeMachine, machineSlug } from './machine.ts';
import { measurePeak } from './peak.ts';
import { renderReport } from './report.ts';
import { barsOf, NOTES, type StepsResult } from './results.ts';
import { type NumClients, pairsNeeded, type RoundOptions } from './rounds.ts';
import type { Ratios } from './summary.ts';
import { type Reference, readTokenizer, WorkSource } from './work.ts';

const USAGE = `Usage: npm run --silent bench:steps -- [options]
  --json               one JSON object on stdout instead of a table
  --rounds N           interleaved rounds (default 5)
  --models a,b         of shipped, large (default both)
  --engines a,b        of ${ENGINES.join(', ')} (default all); ratios need gateway
  --short              a tenth of the work per round: to see that it runs
  --model FOLDER       the shipped model's folder (default models/lam-word/2)
  --large-bits 4|8     weights of the random model (default 8)
  --gateway-flags "..."  further settings of the gateway
  --out FOLDER         where results go (default bench/results; with --short .build/bench-results)
`;

/** Pairs of episodes per number of clients and round. Steps of the large model take ten times as long. */
const PAIRS: Readonly<Record<ModelKey, Readonly<Record<NumClients, number>>>> = {
  shipped: { 1: 16, 8: 16, 16: 16 },
  large: { 1: 4, 8: 8, 16: 16 },
};
/** A gateway that has served a few hundred requests is one that runs for its first minute. */
const WARM_UP_MS = 15_000;
/** Each client has one episode to play, at least. */
const SHORT_PAIRS: Readonly<Record<NumClients, number>> = { 1: 2, 8: 4, 16: 8 };

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    models: { type: 'string', default: MODELS.join(',') },
    engines: { type: 'string', default: ENGINES.join(',') },
    short: { type: 'boolean', default: false },
    model: { type: 'string', default: 'models/lam-word/2' },
    'large-bits': { type: 'string', default: '8' },
    'gateway-flags': { type: 'string', default: '' },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const models = chosen(values.models, MODELS);
const engines = chosen(values.engines, ENGINES);
const bits = values['large-bits'] === '4' ? 4 : 8;
if (values.help || !(rounds >= 1 && Number.isInteger(rounds)) || models === undefined || engines === undefined) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const threads = availableParallelism();
const machine = describeMachine();
const peak = await measurePeak(threads);
const result = await measure(models, engines);
const folder = values.out ?? (values.short ? join('.build', 'bench-results') : join('bench', 'results'));
mkdirSync(folder, { recursive: true });
const path = join(folder, `steps-${machineSlug(machine)}`);
writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 1)}\n`);
writeFileSync(`${path}.html`, renderReport(result));
process.stderr.write(`Results: ${path}.json, ${path}.html\n`);
process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : table(result));

async function measure(keys: readonly ModelKey[], names: readonly EngineName[]): Promise<StepsResult> {
  const packages = installPeers();
  const measured: { -readonly [K in keyof StepsResult['models']]: StepsResult['models'][K] } = {};
  const ratios: Record<string, Partial<Record<ModelKey, Ratios>>> = {};
  for (const key of keys) {
    const model = key === 'shipped' ? shippedModel(values.model) : largeModel(values.model, { bits, accuracyLevel: 4 });
    const options: RoundOptions = {
      rounds,
      pairs: values.short ? SHORT_PAIRS : PAIRS[key],
      warmUpMs: values.short ? 0 : WARM_UP_MS,
      onPlayed: (name, numClients, played) => {
        const rate = (played.steps.length / played.wallMs) * 1e3;
        process.stderr.write(`${key}, ${numClients} clients, ${name}: ${rate.toFixed(1)} steps/s\n`);
      },
    };
    // Each model's engines have met no episode yet, so every model starts with all of them.
    const source = new WorkSource(readTokenizer(model.folder), reference(key));
    if (source.numPairs < pairsNeeded(options))
      throw new Error(`--rounds ${rounds}: the reference has too few episodes`);
    const compared = await compare({
      ...options,
      key,
      model,
      engines: names,
      packages,
      threads,
      peak,
      source,
      gatewayFlags: values['gateway-flags'].split(' ').filter((flag) => flag !== ''),
    });
    measured[key] = compared.result;
    for (const [peer, ratio] of Object.entries(compared.ratios)) ratios[peer] = { ...ratios[peer], [key]: ratio };
  }
  return {
    benchmark: 'steps',
    date: new Date().toISOString().slice(0, 10),
    machine,
    peak,
    rounds,
    notes: NOTES,
    models: measured,
    ratios,
    bars: barsOf({ models: measured, ratios }),
  };
}

/** Its answers count for the model that gave them only. */
function reference(key: ModelKey): Reference {
  const stored = JSON.parse(readFileSync(join('bench', 'steps', 'reference.json'), 'utf8')) as Reference;
  const sha256 = createHash('sha256')
    .update(readFileSync(join(values.model, 'model.onnx')))
    .digest('hex');
  const isOfModel = key === 'shipped' && sha256 === stored.model_sha256;
  if (key === 'shipped' && !isOfModel) {
    process.stderr.write('bench/steps/reference.json is of another model: equality is not reported.\n');
  }
  const episodes = isOfModel
    ? stored.episodes
    : Object.fromEntries(Object.keys(stored.episodes).map((seed): [string, never[]] => [seed, []]));
  return { ...stored, episodes };
}

function chosen<T extends string>(text: string, all: readonly T[]): T[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  return names.every((name) => all.includes(name as T)) ? (names as T[]) : undefined;
}

function table({ models: byModel, ratios, bars }: StepsResult): string {
  const lines = Object.entries(byModel).flatMap(([model, { engines: byEngine }]) => [
    `${model}: [low, median, high] over the rounds`,
    ...Object.entries(byEngine).flatMap(
      ([name, { clients, valid, grounded, equal_to_reference: equal, later_steps }]) => [
        `  ${name}: valid ${valid}, grounded ${grounded}, equal to PyTorch ${equal ?? 'not known'}`,
        `    later steps compute ${Object.entries(later_steps)
          .map(([kind, { mean, median, steps }]) => `${kind} ${mean} (median ${median}, ${steps} steps)`)
          .join(', ')} of their prompts`,
        ...Object.entries(clients).map(
          ([numClients, load]) =>
            `    ${numClients.padStart(2)} clients  p50 ${load.p50_ms.join(' / ')} ms  p99 ${load.p99_ms.join(' / ')} ms  ${load.steps_per_s.join(' / ')} steps/s`,
        ),
      ],
    ),
  ]);
  const ratioLines = Object.entries(ratios).flatMap(([peer, entries]) =>
    Object.entries(entries).map(([model, ratio]) => `  ${peer}, ${model}: ${JSON.stringify(ratio)}`),
  );
  const barLines = bars.map(({ met, name, measured, wanted, why }) => {
    return `  ${met ? 'met   ' : 'MISSED'} ${name}: ${measured} (${wanted})${why === undefined ? '' : `: ${why}`}`;
  });
  return [
    ...lines,
    'Gateway against peers, above 1 the gateway is better',
    ...ratioLines,
    'Bars',
    ...barLines,
    '',
  ].join('\n');
}
