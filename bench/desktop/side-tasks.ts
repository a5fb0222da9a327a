/**
 * Other tasks that a user might have set at the same screen. A decision depends on the goals, the controls and the history
 * alone, so one screen serves many tasks; what they share is computed once in training (see models/training/batches.py).
 */
import type { PreviousAction } from '../../src/runtime/types.ts';
import type { Episode } from './episodes.ts';
import { exampleOf, type SideExample } from './example.ts';
import { type Decision, decide } from './expert.ts';
import { controlsOfGoal, type Goal, isSelection } from './goals.ts';
import { USUAL_MAX_CONTROLS } from './limit.ts';
import { namedControlTask } from './named-controls.ts';
import { callOf } from './noise.ts';
import { phraseTask } from './phrasing.ts';
import type { Random } from './random.ts';
import type { Step } from './rollout.ts';
import { Draw } from './tasks/draw.ts';
import { composeParts, drawAnyParts } from './tasks/multi.ts';
import type { TaskInstance, Template } from './tasks/task.ts';
import { templates } from './tasks/templates.ts';

/** Share of the tasks that name a control; the others are of the training split's templates. */
const NAMED_SHARE = 0.35;
/** Share of the tasks that are two in one, whichever two. */
const COMPOSED_SHARE = 0.12;
/** Share of the tasks whose history begins with opening the tab that is open, and of those that open it behind a selection. */
const OPENED_SHARE = 0.25;
/** Share of the others for which what they are about is wanted on this screen, not only a way to it. */
const AT_HAND_SHARE = 0.6;
const MAX_TRIES = 8;
/** Selections that a task makes before its other steps leave the screen as it is; the history then shows them. */
const MAX_SELECTIONS = 2;

export type Source = { readonly episode: Episode; readonly step: Step };
export type SideTask = Pick<Episode, 'task' | 'request' | 'goals'>;

/** Whether a screen can serve other tasks: one that was cut to its limit was cut for one request. */
export function servesOthers({ observation }: Step, maxControls: number = USUAL_MAX_CONTROLS): boolean {
  return observation.controls.length < maxControls;
}

/** About `count` examples, of as many tasks of the training split or fewer. */
export function sideExamples(source: Source, random: Random, count: number): SideExample[] {
  const { step } = source;
  const write = sideWriter(source);
  const examples: SideExample[] = [];
  while (examples.length < count) {
    const task = drawTask(step, random);
    const opened = openedTab(step);
    let history: readonly PreviousAction[] = opened !== null && random.chance(OPENED_SHARE) ? [opened] : [];
    for (let selections = 0; selections <= MAX_SELECTIONS; selections++) {
      const decision = decide(task.goals, step.observation, history);
      examples.push(write(task, { history, decision }));
      if (!isSelection(decision) || decision.status !== 'CONTINUE') break;
      history = [...history, succeeded(step, decision)];
      if (opened !== null && !history.includes(opened) && random.chance(OPENED_SHARE)) history = [...history, opened];
    }
  }
  return examples;
}

/** Writes what another task at the screen of a step is answered. */
export function sideWriter({ episode, step: { observation, ...step } }: Source) {
  const toExample = (task: SideTask, moment: Pick<Step, 'history' | 'decision'>) =>
    exampleOf({ ...episode, ...task }, { observation, ...moment }, NOT_WRITTEN);
  const own = toExample(episode, step);
  return (task: SideTask, moment: Pick<Step, 'history' | 'decision'>): SideExample => {
    const { task: name, head, tail, answer, needs } = toExample(task, moment);
    if (head.join() !== own.head.join()) throw new Error('what is stable of a prompt depends on the task');
    return { task: name, tail, answer, needs };
  };
}

const NOT_WRITTEN = { split: 'train', episode: 0, step: 0 } as const;

/** What a history says of a decision that was carried out at the screen of a step. */
export function succeeded({ observation }: Step, decision: Decision): PreviousAction {
  const { function: called, args, controlName } = callOf({ observation, decision });
  return { function: called, args, controlName, ...SUCCESS };
}

const SUCCESS = { resultStatus: 'success', error: '' } as const;

/** The click that shows what is on the screen now, if a tab does. */
function openedTab({ observation }: Step): PreviousAction | null {
  const tab = observation.controls.find(({ type, selected }, i) => {
    return type === 'TabItem' && selected === true && observation.placed[i]?.surface.name === 'Tabs';
  });
  return tab === undefined ? null : { function: 'click_input', args: {}, controlName: tab.name, ...SUCCESS };
}

function drawTask({ observation }: Step, random: Random): SideTask {
  if (random.chance(NAMED_SHARE)) return namedControlTask(observation.placed, random);
  if (random.chance(COMPOSED_SHARE)) {
    const draw = new Draw(random, 'train');
    const parts = drawAnyParts(draw);
    if (parts !== null) {
      const instance = composeParts(parts);
      return { task: 'composed', goals: instance.goals, request: phraseTask(parts[0].template, instance, draw) };
    }
  }
  const isWantedAtHand = random.chance(AT_HAND_SHARE);
  for (let tries = 1; ; tries++) {
    const template = random.pick(templates);
    const draw = new Draw(random, 'train');
    const instance = template.create(draw);
    const { goals } = instance;
    const decision = decide(goals, observation, []);
    if (tries < MAX_TRIES && isWantedAtHand && !isAtHand(goals, decision, observation)) continue;
    return toSideTask(template, instance, draw);
  }
}

export function toSideTask(template: Template, instance: TaskInstance, draw: Draw): SideTask {
  return { task: template.name, goals: instance.goals, request: phraseTask(template, instance, draw) };
}

function isAtHand(goals: readonly Goal[], { target, status }: Decision, { placed }: Step['observation']): boolean {
  const key = placed[target]?.key;
  return status !== 'CONTINUE' || (key !== undefined && goals.some((goal) => controlsOfGoal(goal).includes(key)));
}
