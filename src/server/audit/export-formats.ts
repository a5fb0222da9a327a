/** Trajectories as lines of training data. */
import type { Step, Trajectory } from './trajectories.ts';

export const EXPORT_FORMATS = ['steps', 'trajectories', 'ufo'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * - steps: one line per step, with state, action and reward
 * - trajectories: one line per episode, with its steps
 * - ufo: one line per episode, in the shape of UFO's execution records (dataflow/schema/execution_schema.json)
 */
export function formatTrajectory(trajectory: Trajectory, format: ExportFormat): readonly object[] {
  switch (format) {
    case 'steps':
      return trajectory.steps;
    case 'trajectories':
      return [trajectory];
    case 'ufo':
      return [ufoRecord(trajectory)];
  }
}

/** Steps of its own that UFO's pipeline has and a served episode has not, such as the choice of a template, are null. */
function ufoRecord({ session_id: id, user_request: task, outcome, steps }: Trajectory): object {
  const nothing = { result: null, error: null };
  return {
    unique_id: id,
    app: appName(steps[0]?.state.app.processName ?? ''),
    original: { original_task: task, original_steps: steps.map(subtaskOf) },
    execution_result: {
      result: outcome === '' ? null : { reason: '', sub_scores: {}, complete: COMPLETE[outcome] ?? 'unsure' },
      error: null,
    },
    instantiation_result: {
      choose_template: nothing,
      prefill: { result: { instantiated_request: task, instantiated_plan: steps.map(planItem) }, error: null },
      instantiation_evaluation: nothing,
    },
    time_cost: { choose_template: null, prefill: null, instantiation_evaluation: null, total: null },
  };
}

const COMPLETE: Readonly<Record<string, string>> = { success: 'yes', failure: 'no' };
const SUCCESS: Readonly<Record<string, boolean>> = { success: true, failure: false };

function planItem(step: Step, index: number): object {
  const { action, result_status: status } = step;
  return {
    Step: index + 1,
    Subtask: subtaskOf(step),
    ControlLabel: action.controlId === '' ? null : action.controlId,
    ControlText: action.controlName,
    Function: action.function,
    Args: action.args,
    Success: SUCCESS[status] ?? null,
    MatchedControlText: action.controlName === '' ? null : action.controlName,
  };
}

function subtaskOf({ state, action }: Step): string {
  return action.thought || state.subtask;
}

/** `WINWORD.EXE` -> `word`, as UFO calls it; others by the name of their process. */
function appName(processName: string): string {
  const name = processName.toLowerCase().replace(/\.exe$/, '');
  return { winword: 'word', powerpnt: 'powerpoint' }[name] ?? name;
}
