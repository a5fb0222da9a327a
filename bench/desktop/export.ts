/**
 * Writes training data: `node dist/bench/desktop/export.js --split train --episodes N --seed S --out FILE`.
 * JSON Lines, one step per line, in the segments of the compact dialect. Seeds S to S + N - 1 are one episode each.
 * `--no-mistakes` leaves out the wrong actions that half of the episodes have. `--endings FAIL,CONFIRM` leaves out episodes that end otherwise.
 * `--contrasts` leaves out all but those that a disturbance makes impossible, and shows how each differs from the same where it can be done. `--max-controls M` is what the client sends of a screen; 500 is all that there ever is, for models with a long context.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { contrastOf } from './contrast.ts';
import { examplesOf } from './example.ts';
import { USUAL_MAX_CONTROLS } from './limit.ts';
import { SPLITS } from './tasks/draw.ts';
import { ENDS } from './tasks/task.ts';

function main(): void {
  const { values } = parseArgs({
    options: {
      split: { type: 'string', default: 'train' },
      episodes: { type: 'string', default: '1000' },
      seed: { type: 'string', default: '0' },
      'max-controls': { type: 'string', default: String(USUAL_MAX_CONTROLS) },
      'no-mistakes': { type: 'boolean', default: false },
      endings: { type: 'string', default: ENDS.join(',') },
      contrasts: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const split = SPLITS.find((candidate) => candidate === values.split);
  const maxControls = Number(values['max-controls']);
  const { out } = values;
  const wanted = values.endings.split(',');
  const endings = ENDS.filter((end) => wanted.includes(end));
  if (split === undefined || out === undefined || !Number.isInteger(maxControls) || endings.length !== wanted.length) {
    throw new Error(
      `usage: export.js --split ${SPLITS.join('|')} --episodes N --seed S [--max-controls M] [--no-mistakes] [--endings ${ENDS.join(',')}|--contrasts] --out FILE`,
    );
  }
  const show = values.contrasts ? contrastOf : examplesOf;
  const first = Number(values.seed);
  const file = openSync(out, 'w');
  let numSteps = 0;
  let numControls = 0;
  for (let seed = first; seed < first + Number(values.episodes); seed++) {
    const examples = show(split, seed, { maxControls, makesMistakes: !values['no-mistakes'], endings });
    if (examples.length === 0) continue;
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
