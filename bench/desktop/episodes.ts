/** Episodes: a task, a window to do it in, and an oracle that judges the document at the end. */
import { WordDesktop } from './desktop.ts';
import { cloneDocument, fingerprint } from './document.ts';
import type { Goal } from './goals.ts';
import { phraseTask } from './phrasing.ts';
import { hashText, Random } from './random.ts';
import { createDesk, scatter } from './scenery.ts';
import { Draw, type Split } from './tasks/draw.ts';
import type { Template } from './tasks/task.ts';
import { templates } from './tasks/templates.ts';

export type Episode = {
  /** Name of the template. */
  readonly task: string;
  /** What the user asks for. */
  readonly request: string;
  readonly desktop: WordDesktop;
  readonly goals: readonly Goal[];
  /** The task was already done at the start. */
  readonly isDoneAtStart: boolean;
  /** Whether the task is done and nothing else has changed. Looks at the result only, not at how it came about. */
  readonly isDone: () => boolean;
};

const ALREADY_DONE_SHARE = 0.12;

/** The episode of a split and seed. Consecutive seeds go through the templates in turn. */
export function makeEpisode(split: Split, seed: number, template: Template = templateOf(seed)): Episode {
  const random = new Random(hashText(`${split}:${seed}:${template.name}`));
  const task = template.create(new Draw(random.fork('task'), split));
  const desk = createDesk(random.fork('desk'), task.plants ?? []);
  scatter(desk, random.fork('scatter'));
  task.start?.(desk, random.fork('start'));
  const isDoneAtStart = template.mayBeDone === true && random.chance(ALREADY_DONE_SHARE);
  if (isDoneAtStart) task.expect(desk.document);

  const expected = cloneDocument(desk.document);
  task.expect(expected);
  const wanted = fingerprint(expected);
  const desktop = new WordDesktop(desk);
  return {
    task: template.name,
    request: phraseTask(template, task, new Draw(random.fork('words'), split)),
    desktop,
    goals: task.goals,
    isDoneAtStart,
    isDone: () =>
      fingerprint(desk.document) === wanted &&
      task.verify?.({ document: desk.document, result: desktop.result }) !== false,
  };
}

function templateOf(seed: number): Template {
  const template = templates[seed % templates.length];
  if (!template) throw new RangeError(`no template for seed ${seed}`);
  return template;
}
