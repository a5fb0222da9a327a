/**
 * Shows an episode: the request, each step of the expert in words, and on demand a picture of the window at one of them.
 * `node dist/bench/desktop/show.js --template zoom --seed 3 --step 2 --picture FILE.svg`
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Episode, makeEpisode } from './episodes.ts';
import { actionOf } from './example.ts';
import { renderPicture } from './picture.ts';
import { renderStep } from './plans.ts';
import { playSteps } from './rollout.ts';
import { shownDocument } from './shown-document.ts';
import { SPLITS, type Split } from './tasks/draw.ts';
import { allTemplates } from './tasks/templates.ts';

const USAGE = `Usage: show.js [options]
  --split ${SPLITS.join('|')}   (default test)
  --template NAME        one of the task templates (default: the one whose turn it is at that seed)
  --seed N               (default 1)
  --max-controls N       what the client sends of the screen (default 165)
  --picture FILE.svg     draw the window before a step, with the expert's control marked
  --step N               which step, from 1; 0 draws the window as it is at the end (default 1)
`;

const { values } = parseArgs({
  options: {
    split: { type: 'string', default: 'test' },
    template: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'max-controls': { type: 'string', default: '165' },
    picture: { type: 'string' },
    step: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
const split: Split | undefined = SPLITS.find((candidate) => candidate === values.split);
const template = allTemplates.find(({ name }) => name === values.template);
const [seed, maxControls, wanted] = [values.seed, values['max-controls'], values.step].map(Number);
const isUsable = split !== undefined && (values.template === undefined || template !== undefined);
if (values.help || !isUsable || ![seed, maxControls, wanted].every(Number.isInteger)) {
  process.stderr.write(USAGE);
  process.exit(values.help ? 0 : 2);
}
show(makeEpisode(split, seed ?? 1, { maxControls: maxControls ?? 165, ...(template && { template }) }));

function show(episode: Episode): void {
  print(`${episode.request}\n  template ${episode.task}, to end with ${episode.end}${disturbancesOf(episode)}`);
  let picture = '';
  let number = 0;
  for (const { observation, decision } of playSteps(episode)) {
    number++;
    const words = renderStep(actionOf(observation, decision), observation);
    print(`${number}. ${words}   (${decision.status}, ${observation.controls.length} controls)`);
    if (number !== wanted) continue;
    picture = renderPicture(observation, {
      highlightId: observation.controls[decision.target]?.id ?? '',
      document: shownDocument(episode.desktop.desk),
      caption: `Step ${number}: ${words}   (${episode.request})`,
    });
  }
  if (values.picture === undefined) return;
  if (wanted === 0) {
    const document = shownDocument(episode.desktop.desk);
    picture = renderPicture(episode.desktop.observe(), { document, caption: `The end of: ${episode.request}` });
  }
  if (picture === '') throw new Error(`the episode has no step ${wanted}`);
  writeFileSync(values.picture, `${picture}\n`);
  print(`Picture: ${values.picture}`);
}

function disturbancesOf({ disturbances }: Episode): string {
  return disturbances.length === 0 ? '' : `, disturbed by: ${disturbances.join(', ')}`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
