/** What came of the actions of an episode, and which have had no effect often enough not to be answered again. */
import { type Action, type Args, functionCatalog } from '../../runtime/index.ts';
import type { PreviousActionMessage } from '../wire/messages.ts';
import type { EpisodeStep } from './episode.ts';

/** As much of an action as makes it the same. */
export type Attempted = Pick<Action, 'function' | 'args' | 'controlId' | 'controlName'>;

export type Attempt = {
  readonly action: Attempted;
  /** unknown: nobody told, and it cannot be seen. */
  readonly fate: 'effective' | 'ineffective' | 'unknown';
};

/** The same action is not answered again after it has had no effect so often. */
export const MAX_INEFFECTIVE = 2;
/** How ReportOutcome says that nothing changed. */
export const NO_CHANGE = 'none';
/** May do their work without a trace in the list of controls. */
const TRACELESS: readonly string[] = ['wait', 'wheel_mouse_input'];

/**
 * Of the steps that the server remembers, oldest first. `observationHash` is of what is observed now: it takes some time, and is
 * asked for only where the fate of the last one is, and rests on it.
 */
export function attemptsOfSteps(steps: readonly EpisodeStep[], observationHash: () => string): readonly Attempt[] {
  return steps.map((step, i) => {
    const next = steps[i + 1];
    const nextHash = next === undefined ? observationHash : () => next.observationHash;
    return {
      action: step.action,
      get fate() {
        return fateOf(step, nextHash);
      },
    };
  });
}

/** What the client says itself counts before what is seen: the screen may change where no control does. */
function fateOf(step: EpisodeStep, nextHash: () => string): Attempt['fate'] {
  const { action, resultStatus, observedChange, observationHash } = step;
  if (action.function === '' || resultStatus === 'skipped' || resultStatus === 'undone') return 'unknown';
  if (resultStatus === 'failure' || observedChange === NO_CHANGE) return 'ineffective';
  if (observedChange !== '') return 'effective';
  if (observationHash === '') return resultStatus === 'success' ? 'effective' : 'unknown';
  const isUnchanged = !TRACELESS.includes(action.function) && observationHash === nextHash();
  return isUnchanged ? 'ineffective' : 'effective';
}

/** Of the history that the client sends itself. */
export function attemptsOfHistory(history: readonly PreviousActionMessage[]): readonly Attempt[] {
  return history.map((previous) => ({
    action: {
      function: previous.function ?? '',
      args: argsOf(previous),
      controlId: previous.control_id ?? '',
      controlName: previous.control_name ?? '',
    },
    fate:
      previous.result_status === 'failure'
        ? 'ineffective'
        : previous.result_status === 'success'
          ? 'effective'
          : 'unknown',
  }));
}

/** How often an action has had no effect since it last had one. */
export function countIneffective(attempts: readonly Attempt[], isSame: (action: Attempted) => boolean): number {
  let count = 0;
  for (const attempt of attempts) {
    if (!isSame(attempt.action)) continue;
    const { fate } = attempt;
    if (fate !== 'unknown') count = fate === 'ineffective' ? count + 1 : 0;
  }
  return count;
}

/** Whether some action must not be answered again. Controls are told apart by name, so it may say yes once too often. */
export function isAnyExhausted(attempts: readonly Attempt[]): boolean {
  const byAction = new Map<string, Attempt[]>();
  for (const attempt of attempts) {
    const key = actionKey(attempt.action);
    const same = byAction.get(key);
    if (same === undefined) byAction.set(key, [attempt]);
    else same.push(attempt);
  }
  return [...byAction.values()].some(
    (same) => same.length >= MAX_INEFFECTIVE && countIneffective(same, () => true) >= MAX_INEFFECTIVE,
  );
}

/** The latest action of which it is known what came of it, if it must not be answered again. */
export function lastExhausted(attempts: readonly Attempt[]): Attempted | undefined {
  const last = attempts.findLast(({ fate }) => fate !== 'unknown');
  if (last === undefined) return undefined;
  const { action } = last;
  return countIneffective(attempts, sameAction(action, false)) >= MAX_INEFFECTIVE ? action : undefined;
}

/**
 * Function, arguments and control. Controls are the same by name; where several listed ones share it, by id too, which
 * may mean another control than it did a step ago.
 */
export function sameAction(a: Attempted, isNameShared: boolean): (b: Attempted) => boolean {
  const key = actionKey(a);
  return (b) => actionKey(b) === key && (!isNameShared || a.controlId === b.controlId);
}

/** Equal for the same function, name and arguments, whether a default is spelled out or not. */
export function actionKey({ function: name, args, controlName }: Attempted): string {
  const specs = functionCatalog.get(name)?.args ?? [];
  const defaults = new Map(specs.map((spec) => [spec.name, 'default' in spec ? spec.default : undefined]));
  const entries = Object.entries(args).filter(([arg, value]) => defaults.get(arg) !== value);
  return JSON.stringify([name, controlName, entries.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** What is neither text, number nor truth is refused later, with its name. */
function argsOf({ args }: PreviousActionMessage): Args {
  return Object.fromEntries(Object.entries(args ?? {}).filter(([, value]) => value !== null)) as Args;
}
