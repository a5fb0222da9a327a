/** What an episode's steps are for the model: the previous actions and the previous plan of its next request. */
import type { PreviousActionMessage } from '../wire/messages.ts';
import { type Attempt, actionKey, NO_CHANGE } from './attempts.ts';
import type { Episode, EpisodeStep } from './episode.ts';

/** Shown to the model in place of an error that nobody reported. */
const NOTHING_CHANGED = 'nothing changed';

/** `attempts` are those of `steps`. What was taken back has not happened; what executes nothing is no action. */
export function previousActions(
  steps: readonly EpisodeStep[],
  attempts: readonly Attempt[],
): readonly PreviousActionMessage[] {
  const repeated = repeatedInVain(attempts);
  return steps.flatMap((step, i) => {
    const { action, resultStatus } = step;
    if (action.function === '' || resultStatus === 'undone') return [];
    const isVain = attempts[i]?.fate === 'ineffective' && repeated.has(actionKey(action));
    const failed = resultStatus === 'failure' || step.observedChange === NO_CHANGE || isVain;
    return [
      {
        step: step.step,
        function: action.function,
        args: action.args,
        control_id: action.controlId,
        control_name: action.controlName,
        status: action.status,
        result_status: failed ? 'failure' : resultStatus,
        error: step.error || (failed && resultStatus !== 'failure' ? NOTHING_CHANGED : ''),
        result: step.result,
      },
    ];
  });
}

/** The plan that came with the last action, else the one that was asked for. */
export function previousPlan({ plan }: Pick<Episode, 'plan'>, steps: readonly EpisodeStep[]): readonly string[] {
  const latest = steps.at(-1)?.action.plan ?? [];
  return latest.length > 0 ? latest : plan;
}

/** One action without a trace may have done its work where no control shows it; twice the same has not. */
function repeatedInVain(attempts: readonly Attempt[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { action, fate } of attempts) {
    if (fate !== 'ineffective') continue;
    const key = actionKey(action);
    if (seen.has(key)) repeated.add(key);
    seen.add(key);
  }
  return repeated;
}
