/** `npm run bench:micro`: what the answer grammar costs, and how much of an answer it forces. No model runs. */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { Vocabulary } from '../../src/runtime/grammar/vocabulary.ts';
import { Decisions } from './decisions.ts';
import { forcedShares } from './forced-share.ts';
import { GrammarBuild } from './grammar-build.ts';
import { makeTokenizer } from './made-up-tokenizer.ts';
import { costTable, forcedTable } from './tables.ts';
import { Series, timed } from './timing.ts';

const USAGE = `Usage: npm run --silent bench:micro -- [options]
  --samples N     samples of each kind (default 200); the first tenth as many again warm up and do not count
  --episodes N    episodes per template for the forced share (default 2)
  --json          one JSON object on stdout instead of tables; times in microseconds
`;
const VOCABULARY_SIZES = [2_048, 32_000, 150_000];

const { values } = parseArgs({
  options: {
    samples: { type: 'string', default: '200' },
    episodes: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const numSamples = Number(values.samples);
const episodesPerTemplate = Number(values.episodes);
const isUsable = [numSamples, episodesPerTemplate].every((count) => Number.isInteger(count) && count >= 1);
if (values.help || !isUsable) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}

const loadBefore = loadavg()[0] ?? 0;
const worlds = VOCABULARY_SIZES.map((size) => {
  const tokenizer = makeTokenizer(size);
  const loading = new Series();
  let vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
  for (let i = 0; i < 5; i++) {
    loading.add(
      'vocabulary, once per model',
      timed(() => {
        vocabulary = new Vocabulary({ tokens: tokenizer.tokenBytes });
      }),
    );
  }
  return {
    size,
    loading,
    build: new GrammarBuild(tokenizer, vocabulary),
    decisions: new Decisions(tokenizer, vocabulary),
  };
});
// In turn, so that what disturbs one vocabulary disturbs all.
const takeSamples = (count: number) => {
  for (let i = 0; i < count; i++) {
    for (const { build, decisions } of worlds) {
      build.sample();
      decisions.sample();
    }
  }
};
takeSamples(Math.ceil(numSamples / 10));
for (const { build, decisions } of worlds)
  for (const series of [build.series, decisions.masks, decisions.samples]) series.clear();
takeSamples(numSamples);

const costs = worlds.map(({ size, loading, build, decisions }) => ({
  vocabulary: size,
  load: loading.quantiles(),
  state: build.series.quantiles(),
  mask: decisions.masks.quantiles(),
  sampling: decisions.samples.quantiles(),
}));
const forced = forcedShares(episodesPerTemplate);
const machine = { cpu: cpus()[0]?.model ?? '', cpus: cpus().length, load: loadBefore, node: process.version };
const report = { machine, samples: numSamples, costs, forced };
process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${costTable(costs)}\n${forcedTable(forced)}`);
