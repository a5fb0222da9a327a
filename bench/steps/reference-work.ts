/**
 * Writes the prompts that reference.py answers with PyTorch, as JSON on stdout. Run both after another model is shipped:
 *   node dist/bench/steps/reference-work.js > .build/reference-work.json
 *   python bench/steps/reference.py .build/reference-work.json .build/reference-answers.json
 *   node dist/bench/steps/reference-parse.js .build/reference-answers.json > bench/steps/reference.json
 */
import { SIZES, type Size, type SizedEpisode, sizedEpisode } from './episodes.ts';
import { promptTokensOf, readTokenizer, stateOfStep } from './work.ts';

/** Pairs of episodes: enough for six rounds at three numbers of clients, and a warm-up. */
const NUM_PAIRS = 304;
const MODEL = 'models/lam-word/2';
/** Steps whose prompt leaves no room for an answer in the context of 1,024 are of no use. */
const MAX_PROMPT_TOKENS = 960;

const tokenizer = readTokenizer(MODEL);
const found: Record<Size, SizedEpisode[]> = { 60: [], 165: [] };
for (let seed = 1; SIZES.some((size) => found[size].length < NUM_PAIRS); seed++) {
  const episode = sizedEpisode(seed);
  if (episode === undefined || found[episode.size].length === NUM_PAIRS) continue;
  const lengths = episode.steps.map((_, step) => promptTokensOf(stateOfStep(episode, step), tokenizer).length);
  if (Math.max(...lengths) <= MAX_PROMPT_TOKENS) found[episode.size].push(episode);
}
const episodes = SIZES.flatMap((size) => found[size]).map((episode) => ({
  seed: episode.seed,
  prompts: episode.steps.map((_, step) => promptTokensOf(stateOfStep(episode, step), tokenizer)),
}));
process.stdout.write(JSON.stringify({ model: MODEL, episodes }));
