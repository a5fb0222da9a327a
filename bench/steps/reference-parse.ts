/** Turns the answer tokens of reference.py into actions, as JSON on stdout: bench/steps/reference.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sizedEpisode } from './episodes.ts';
import { parseTokens } from './judge.ts';
import { type Reference, type ReferenceAction, readTokenizer, stateOfStep } from './work.ts';

type Answers = {
  readonly model: string;
  readonly model_sha256: string;
  readonly episodes: readonly { readonly seed: number; readonly answers: readonly (readonly number[])[] }[];
};

const [path = '.build/reference-answers.json'] = process.argv.slice(2);
const { model, model_sha256, episodes } = JSON.parse(readFileSync(path, 'utf8')) as Answers;
const tokenizer = readTokenizer(join(model));
const parsed = episodes.map(({ seed, answers }): [string, (ReferenceAction | null)[]] => {
  const episode = sizedEpisode(seed);
  if (episode === undefined) throw new Error(`seed ${seed} is no episode of a measured size`);
  return [
    String(seed),
    answers.map((tokens, step) => {
      const action = parseTokens(stateOfStep(episode, step), tokens, tokenizer);
      return action === undefined ? null : [action.controlId, action.function, action.args, action.status];
    }),
  ];
});
const head: Omit<Reference, 'episodes'> = { model_sha256, command: 'see bench/steps/reference-work.ts' };
// One line per episode: readable in a diff.
const lines = parsed.map(([seed, actions]) => `${JSON.stringify(seed)}:${JSON.stringify(actions)}`);
process.stdout.write(`${JSON.stringify(head).slice(0, -1)},"episodes":{\n${lines.join(',\n')}\n}}\n`);
