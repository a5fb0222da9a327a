/** Measures what is asked for, and writes the report of all that is known. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelOf, weightsOf } from './folders.ts';
import { measure } from './measure.ts';
import { updateModelCard } from './model-card.ts';
import type { ReportOptions } from './options.ts';
import { renderPlots, renderReport } from './report.ts';
import {
  PHASES,
  REWARD_MODEL,
  type Results,
  readResults,
  type StageRecords,
  withoutStale,
  writeResults,
} from './results.ts';

const MODEL_CARD = 'docs/models.md';
/** Of a stage record: how much data there was, and how long it took to learn. */
const KEPT = [
  ...['tasks', 'execution_pass', 'execution_fail', 'execution_unsure', 'steps_pass', 'steps_fail', 'plans', 'pairs'],
  ...[
    'trajectories',
    'contrasts',
    'new_trajectories',
    'steps',
    'successes',
    'tasks_solved',
    'episodes',
    'policy',
    'training',
    'test',
  ],
];

export async function report(options: ReportOptions, onProgress: (line: string) => void): Promise<void> {
  const { out, recordsDir, modelsDir } = options;
  mkdirSync(out, { recursive: true });
  const path = join(out, 'results.json');
  const weights = weightsOf(modelsDir, [...PHASES.map(modelOf), REWARD_MODEL]);
  const before = withoutStale(readResults(path), weights);
  const start: Results = recordsDir === null ? before : { ...before, records: readRecords(recordsDir) };
  const keep = (results: Results): void => writeResults(path, results);
  keep(start);
  const results = await measure({ ...options, onProgress }, start, keep);
  writeFileSync(join(out, 'report.md'), renderReport(results, modelsDir));
  for (const [name, svg] of Object.entries(renderPlots(results))) writeFileSync(join(out, name), svg);
  onProgress(`Report: ${join(out, 'report.md')}`);
  // The card describes the shipped models; a report that goes elsewhere is no reason to change it.
  if (out === 'docs/evaluation' && existsSync(MODEL_CARD)) {
    writeFileSync(MODEL_CARD, updateModelCard(readFileSync(MODEL_CARD, 'utf8'), results, modelsDir));
    onProgress(`Figures: ${MODEL_CARD}`);
  }
}

/** The stage records of a training, by stage. */
function readRecords(folder: string): StageRecords {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.endsWith('_seeds.json'));
  return Object.fromEntries(
    files.map((name) => {
      const record = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>;
      return [
        name.replace(/\.json$/, ''),
        Object.fromEntries(KEPT.flatMap((key) => (key in record ? [[key, record[key]]] : []))),
      ];
    }),
  );
}
