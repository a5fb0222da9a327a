/**
 * Writes training data: `node dist/bench/desktop/export.js --split train --episodes N --seed S --out FILE`.
 * JSON Lines, one step per line, in the segments of the compact dialect. Seeds S to S + N - 1 are one episode each.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { examplesOf } from './example.ts';

function main(): void {
  const { values } = parseArgs({
    options: {
      split: { type: 'string', default: 'train' },
      episodes: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '0' },
      out: { type: 'string' },
    },
  });
  const { split, out } = values;
  if ((split !== 'train' && split !== 'test') || out === undefined) {
    throw new Error('usage: export.js --split train|test --episodes N --seed S --out FILE');
  }
  const first = Number(values.seed);
  const file = openSync(out, 'w');
  let numSteps = 0;
  let numControls = 0;
  for (let seed = first; seed < first + Number(values.episodes); seed++) {
    const examples = examplesOf(split, seed);
    writeSync(file, `${examples.map((example) => JSON.stringify(example)).join('\n')}\n`);
    numSteps += examples.length;
    for (const { controls } of examples) numControls += controls.length;
  }
  closeSync(file);
  const perEpisode = (numSteps / Number(values.episodes)).toFixed(2);
  const perPrompt = (numControls / numSteps).toFixed(1);
  process.stdout.write(`${numSteps} steps, ${perEpisode} per episode, ${perPrompt} controls per prompt\n`);
}

main();
