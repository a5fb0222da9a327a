/**
 * Tasks that a disturbance makes impossible, beside the same tasks where none does: what the two differ in is what to tell
 * them apart by. With their screens come tasks that differ a little, of which most can be done.
 */
import type { PreviousAction } from '../../src/runtime/types.ts';
import { type Episode, makeEpisode } from './episodes.ts';
import { type Example, type ExampleOptions, exampleOf, mistakesOf, type SideExample } from './example.ts';
import { decide } from './expert.ts';
import { isSelection } from './goals.ts';
import { hashText, Random } from './random.ts';
import { rollOut, type Step } from './rollout.ts';
import {
  type SideTask,
  type Source,
  servesOthers,
  sideExamples,
  sideWriter,
  succeeded,
  toSideTask,
} from './side-tasks.ts';
import { Draw, type Split } from './tasks/draw.ts';

/** Of the other tasks at a screen: the same in other words, the same with other values, and any. */
const REWORDED = 1;
const REDRAWN = 3;
const ANY = 1;

type ContrastOptions = Omit<ExampleOptions, 'endings'>;

/** Examples of both episodes of a seed, from where one gives up; none where no disturbance makes the task impossible. */
export function contrastOf(
  split: Split,
  seed: number,
  { makesMistakes = true, ...options }: ContrastOptions = {},
): Example[] {
  const impossible = makeEpisode(split, seed, options);
  // Most of all episodes: they need no second one to be told.
  if (impossible.end !== 'FAIL') return [];
  const possible = makeEpisode(split, seed, { ...options, mayBeImpossible: false });
  if (impossible.end === possible.end) return [];
  const mistakes = () => (makesMistakes ? mistakesOf(split, seed) : null);
  const given = rollOut(impossible, mistakes());
  const random = new Random(hashText(`contrast:${split}:${seed}`));
  const from = given.length - 1;
  const show = (episode: Episode, steps: readonly Step[]): Example[] =>
    steps.slice(from).map((step, i) => ({
      ...exampleOf(episode, step, { split, episode: seed, step: from + i }),
      ...(servesOthers(step, options.maxControls) && { others: variations({ episode, step }, random) }),
    }));
  return [...show(impossible, given), ...show(possible, rollOut(possible, mistakes()))];
}

function variations(source: Source, random: Random): SideExample[] {
  const { episode, step } = source;
  const write = sideWriter(source);
  const reworded = Array.from({ length: REWORDED }, () =>
    write({ ...episode, request: episode.rephrase(random.int(0, 1_000_000)) }, step),
  );
  const redrawn = Array.from({ length: REDRAWN }, () => {
    const task = redraw(episode, random);
    const history = historyFor(task, step);
    return write(task, { history, decision: decide(task.goals, step.observation, history) });
  });
  return [...reworded, ...redrawn, ...sideExamples(source, random, ANY)];
}

/** The same template with other values. */
function redraw({ template }: Episode, random: Random): SideTask {
  const draw = new Draw(random, 'train');
  return toSideTask(template, template.create(draw), draw);
}

/** The history of another task that came to the same point: where that of the step selects something, it selects its own. */
function historyFor({ goals }: SideTask, step: Step): readonly PreviousAction[] {
  let { history } = step;
  if (isSelection(step.decision)) return history;
  for (let from = 0; ; from++) {
    const decision = decide(goals, step.observation, history);
    from = isSelection(decision) ? history.findIndex((call, i) => i >= from && isSelection(call)) : -1;
    if (from < 0) return history;
    history = history.with(from, succeeded(step, decision));
  }
}
