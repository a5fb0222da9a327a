/**
 * The data pipeline's records, as UFO's dataflow writes them: instantiation, then execution and evaluation. An
 * instantiation says what is to be done and how; an execution record adds what came of it, step by step.
 */
import type { Action } from '../../src/runtime/types.ts';
import type { Episode } from './episodes.ts';
import { actionOf } from './example.ts';
import { type Attempt, attempt } from './imperfect-expert.ts';
import { renderStep } from './plans.ts';
import type { Mistakes, Step } from './rollout.ts';

export type PlanItem = {
  readonly Step: number;
  readonly Subtask: string;
  readonly ControlLabel: string | null;
  readonly ControlText: string;
  readonly Function: string;
  readonly Args: Action['args'];
};

export type ExecutedPlanItem = PlanItem & {
  readonly Success: boolean | null;
  readonly MatchedControlText: string | null;
};

type Result<T> = { readonly result: T | null; readonly error: string | null };

export type Instantiation<Item extends PlanItem = PlanItem> = {
  readonly unique_id: string;
  readonly app: string;
  readonly original: { readonly original_task: string; readonly original_steps: readonly string[] };
  readonly execution_result: ExecutionResult | { readonly result: null; readonly error: null };
  readonly instantiation_result: {
    readonly choose_template: Result<string>;
    readonly prefill: Result<{
      readonly instantiated_request: string;
      readonly instantiated_plan: readonly Item[] | null;
    }>;
    readonly instantiation_evaluation: Result<{
      readonly judge: boolean;
      readonly thought: string;
      readonly request_type: 'None' | 'Non_task' | 'App_involve' | 'Env' | 'Others';
    }>;
  };
  /** Seconds; null for what was not measured. */
  readonly time_cost: Readonly<Record<string, number | null>>;
};

export type Verdict = 'yes' | 'no' | 'unsure';

export type ExecutionResult = {
  readonly result: {
    readonly reason: string;
    readonly sub_scores: Readonly<Record<string, string>>;
    readonly complete: Verdict;
  } | null;
  readonly error: { readonly type: string; readonly message: string; readonly traceback: string } | null;
};

export type ExecutionRecord = Instantiation<ExecutedPlanItem> & { readonly execution_result: ExecutionResult };

/** An instantiation record, the execution that followed, and what post-processing sorts it by. */
export type PipelineRun = {
  readonly instantiation: Instantiation;
  readonly execution: ExecutionRecord;
  readonly attempt: Attempt;
  /** The folder that UFO's dataflow would put it in. */
  readonly outcome: 'execution_pass' | 'execution_fail' | 'execution_unsure';
};

export type PipelineOptions = {
  readonly id: string;
  /** Of the slips. */
  readonly seed: number;
  /** The plan for the task as such, whatever the window is like. */
  readonly plan: readonly string[];
  /** Share of tasks that the expert gets wrong, 0..1. */
  readonly failureRate: number;
  /** Wrong actions that the expert makes good, so that what it does then can be learned. Default: none. */
  readonly mistakes?: Mistakes | null;
};

/** Instantiation, execution, evaluation and post-processing of one episode. The episode is used up. */
export function runPipeline(episode: Episode, options: PipelineOptions): PipelineRun {
  const { id, seed, failureRate, plan, mistakes = null } = options;
  const tried = attempt(episode, { seed, rate: failureRate, mistakes });
  const items = tried.steps.map(toPlanItem);
  const instantiation = instantiate(episode, { id, items, steps: plan });
  const complete: Verdict = tried.isSuccess ? 'yes' : endsByItself(tried) ? 'no' : 'unsure';
  const execution: ExecutionRecord = {
    ...instantiation,
    instantiation_result: {
      ...instantiation.instantiation_result,
      prefill: {
        result: {
          instantiated_request: episode.request,
          instantiated_plan: items.map((item, i) => ({ ...item, ...executed(tried.steps, i) })),
        },
        error: null,
      },
    },
    execution_result: { result: { ...evaluate(episode, tried), complete }, error: null },
    time_cost: { ...instantiation.time_cost, execute: null, execute_eval: null },
  };
  const outcome = ({ yes: 'execution_pass', no: 'execution_fail', unsure: 'execution_unsure' } as const)[complete];
  return { instantiation, execution, attempt: tried, outcome };
}

type Instance = {
  readonly id: string;
  readonly items: readonly PlanItem[];
  readonly steps: readonly string[];
};

/** The record before anything was executed. */
function instantiate(episode: Episode, { id, items, steps }: Instance): Instantiation {
  const isElsewhere = episode.goals.some(({ type }) => type === 'impossible');
  return {
    unique_id: id,
    app: 'word',
    original: { original_task: episode.rephrase(1), original_steps: steps },
    execution_result: { result: null, error: null },
    instantiation_result: {
      choose_template: { result: episode.task, error: null },
      prefill: { result: { instantiated_request: episode.request, instantiated_plan: items }, error: null },
      instantiation_evaluation: {
        result: {
          judge: !isElsewhere,
          thought: isElsewhere ? 'Word has nothing that does this.' : 'A task for Word, with all it needs.',
          request_type: isElsewhere ? 'App_involve' : 'None',
        },
        error: null,
      },
    },
    time_cost: { choose_template: null, prefill: null, instantiation_evaluation: null, total: null },
  };
}

function toPlanItem({ observation, decision }: Step, index: number): PlanItem {
  const action = actionOf(observation, decision);
  return {
    Step: index + 1,
    Subtask: renderStep(action, observation),
    ControlLabel: action.controlId === '' ? null : action.controlId,
    ControlText: action.controlName,
    Function: action.function,
    Args: action.args,
  };
}

/** What the next state says of a step; nothing for the last one. */
function executed(steps: readonly Step[], index: number): Pick<ExecutedPlanItem, 'Success' | 'MatchedControlText'> {
  const step = steps[index];
  const matched = step?.observation.controls[step.decision.target]?.name ?? null;
  const outcome = steps[index + 1]?.history.at(-1)?.resultStatus;
  return { Success: outcome === undefined ? null : outcome === 'success', MatchedControlText: matched };
}

function endsByItself({ steps }: Attempt): boolean {
  return steps.at(-1)?.decision.status !== 'CONTINUE';
}

function evaluate(episode: Episode, { steps, slip, isSuccess }: Attempt) {
  const status = steps.at(-1)?.decision.status ?? 'CONTINUE';
  const yes = (holds: boolean): string => (holds ? 'yes' : 'no');
  return {
    reason: isSuccess ? 'The document is as the request asks.' : `The oracle refuses the result (${slip}).`,
    sub_scores: {
      'right ending': yes(status === episode.end),
      'document as expected': yes(episode.isDone()),
      'nothing done that needed to be confirmed': yes(episode.desktop.violations === 0),
    },
  };
}
