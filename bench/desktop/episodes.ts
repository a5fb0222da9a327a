/** Episodes: a task, a window to do it in, and an oracle that judges the document at the end. */
import type { Action } from '../../src/runtime/types.ts';
import { WordDesktop } from './desktop.ts';
import { type DisturbanceKind, drawDisturbance, NO_DISTURBANCE } from './disturb.ts';
import { cloneDocument, fingerprint, type WordDocument } from './document.ts';
import { controlsOfGoal, type Goal } from './goals.ts';
import { USUAL_MAX_CONTROLS } from './limit.ts';
import { phraseTask } from './phrasing.ts';
import { hashText, Random } from './random.ts';
import { createDesk, scatter } from './scenery.ts';
import { Draw, type Split, valueSplitOf } from './tasks/draw.ts';
import type { End, TaskInstance, Template } from './tasks/task.ts';
import { templatesOfSplit } from './tasks/templates.ts';
import { placedControl } from './ui/catalog.ts';

/** The answer that ended an episode. */
export type Ending = Pick<Action, 'function' | 'controlId'> & { readonly status: string };

export type Episode = {
  readonly template: Template;
  /** Name of the template. */
  readonly task: string;
  /** What the user asks for. */
  readonly request: string;
  /** The same request in other words; the same seed gives the same words. */
  readonly rephrase: (seed: number) => string;
  readonly desktop: WordDesktop;
  readonly goals: readonly Goal[];
  /** The status that a right ending has. */
  readonly end: End;
  readonly disturbances: readonly DisturbanceKind[];
  /** The task was already done at the start. */
  readonly isDoneAtStart: boolean;
  /** Whether the task is done and nothing else has changed. Looks at the result only, not at how it came about. */
  readonly isDone: () => boolean;
  /**
   * Whether the episode ended right. FINISH: the task is done. FAIL: the model gave up where that was right. CONFIRM: the
   * step that cannot be undone was named and not executed. In every case the document is as expected, and nothing was
   * executed that a person should have confirmed.
   */
  readonly isSuccess: (ending: Ending | undefined) => boolean;
};

export type EpisodeOptions = {
  /** Default: the templates of the split in turn. */
  readonly template?: Template;
  /** Most controls that the client sends. Default {@link USUAL_MAX_CONTROLS}. */
  readonly maxControls?: number;
  /** The same task in a window as Word opens it: nothing open, nothing in the way, nothing done. Default false. */
  readonly isCalm?: boolean;
  /** Whether a disturbance may make the task impossible. Default true. */
  readonly mayBeImpossible?: boolean;
};

const ALREADY_DONE_SHARE = 0.12;
/** Share of requests of several parts of which the first one is done, where it may be. */
const PARTLY_DONE_SHARE = 0.3;

/** The episode of a split and seed. */
export function makeEpisode(split: Split, seed: number, options: EpisodeOptions = {}): Episode {
  const { template = templateOf(split, seed), maxControls = USUAL_MAX_CONTROLS, isCalm = false } = options;
  const random = new Random(hashText(`${split}:${seed}:${template.name}`));
  const values = valueSplitOf(split);
  const task = template.create(new Draw(random.fork('task'), values));
  const desk = createDesk(random.fork('desk'), task.plants ?? [], isCalm);
  if (!isCalm) scatter(desk, random.fork('scatter'));
  task.start?.(desk, random.fork('start'));
  // Drawn in any case: a calm window has the same words.
  const isDoneAtStart = random.chance(ALREADY_DONE_SHARE) && template.mayBeDone === true && !isCalm;
  if (isDoneAtStart) task.expect(desk.document);
  else if (!isCalm) doFirstPart(task, desk.document, random.fork('parts'));

  const { mayBeImpossible = true } = options;
  const mayBeFatal = mayBeImpossible && !isDoneAtStart && task.end === undefined && task.parts === undefined;
  const drawn = drawDisturbance(task, random.fork('disturbance'), mayBeFatal);
  const { disturbance, kinds, isFatal } = isCalm ? NO_DISTURBANCE : drawn;
  desk.disturb(disturbance);
  const end = isFatal ? 'FAIL' : (task.end ?? 'FINISH');

  const phrase = (label: string) => phraseTask(template, task, new Draw(random.fork(label), values));
  const request = phrase('words');
  const desktop = new WordDesktop(desk, { maxControls, request });
  const atStart = fingerprint(desk.document);
  const expected = cloneDocument(desk.document);
  if (!isFatal) task.expect(expected);
  const wanted = fingerprint(expected);
  const isDone = () =>
    fingerprint(desk.document) === wanted &&
    (end !== 'FINISH' || task.verify?.({ document: desk.document, results: desktop.results }) !== false);
  return {
    template,
    task: template.name,
    request,
    rephrase: (other) => phrase(`words ${other}`),
    desktop,
    goals: task.goals,
    end,
    disturbances: kinds,
    isDoneAtStart,
    isDone,
    isSuccess: (ending) => {
      if (ending?.status !== end || desktop.violations > 0) return false;
      // Whoever sees at once that a part cannot be done may leave the others.
      if (end === 'FAIL') return isDone() || fingerprint(desk.document) === atStart;
      return isDone() && (end === 'FINISH' || isRightStep(desktop, task.goals, ending));
    },
  };
}

/** Whether a step that was left to be confirmed is the last one of the task. */
function isRightStep(desktop: WordDesktop, goals: readonly Goal[], ending: Ending): boolean {
  const { controls, placed } = desktop.observe();
  const index = controls.findIndex(({ id }) => id === ending.controlId);
  const last = goals.at(-1);
  const key = placed[index]?.key;
  return (
    ending.function === 'click_input' && last !== undefined && key !== undefined && controlsOfGoal(last).includes(key)
  );
}

/**
 * Does the first part of some requests, if the window goes on showing that it is done: what comes after must not lead away
 * from where its toggles are.
 */
function doFirstPart({ parts }: TaskInstance, document: WordDocument, random: Random): void {
  const [first, ...others] = parts ?? [];
  if (first?.template.mayBeDone !== true || !random.chance(PARTLY_DONE_SHARE)) return;
  const place = (goal: Goal) => controlsOfGoal(goal).map((key) => placedControl(key).surface);
  const home = place(first.instance.goals.at(-1) as Goal).at(-1);
  const staysHome = (goal: Goal): boolean =>
    place(goal).some((surface) => surface === home || surface.kind === 'chrome');
  if (others.every(({ instance }) => instance.goals.every(staysHome))) first.instance.expect(document);
}

function templateOf(split: Split, seed: number): Template {
  const templates = templatesOfSplit(split);
  const template = templates[seed % templates.length];
  if (!template) throw new RangeError(`no template for seed ${seed}`);
  return template;
}
