/** What a report is made of: everything measured, in one file, section by section, so that it can be completed later. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from '../steps/machine.ts';
import type { ByKind } from './kinds.ts';
import type { OfflineSummary } from './offline.ts';
import type { OnlineSummary } from './online.ts';
import type { PlanSummary } from './plans.ts';
import type { SafetyFigures } from './safety.ts';
import type { RewardFigures } from './scored-steps.ts';

export const SECTIONS = ['plans', 'steps', 'online', 'best-of-4', 'reward', 'safety', 'full-precision'] as const;
export type Section = (typeof SECTIONS)[number];

/** The paper's phases are the versions of one model. */
export const PHASES = ['1', '2', '3', '4'] as const;
export type Phase = (typeof PHASES)[number];
export const ACTION_MODEL = 'lam-word';
export const REWARD_MODEL = 'reward-word:1';

export type PlanFigures = PlanSummary & { readonly tasks: number };
export type StepFigures = OfflineSummary & {
  readonly tasks: number;
  readonly steps: number;
  /** Steps whose state does not fit the model's context; they count as wrong. */
  readonly too_long: number;
};
export type OnlineFigures = OnlineSummary & {
  readonly tasks: number;
  readonly ungrounded: number;
  readonly violations: number;
};

/** `outcomes` has one character per task in the order of their seeds: 1 if the task succeeded, else 0. */
export type SplitFigures<Figures> = ByKind<Figures> & { readonly outcomes: string };
export type Both<Figures> = {
  readonly test: SplitFigures<Figures>;
  /** Templates that were never trained on; null if none were asked for. */
  readonly held_out: SplitFigures<Figures> | null;
};

/** When something was measured, on what, and of which weights (sha256 of the graphs, by `name:version`). */
export type Measured<T> = {
  readonly date: string;
  readonly machine: Machine;
  readonly tasks: number;
  readonly seed: number;
  readonly seconds: number;
  readonly weights: Readonly<Record<string, string>>;
  readonly result: T;
};

export type ByPhase<T> = Partial<Record<Phase, Measured<T>>>;

/** The parts of the pipeline's stage records that say how much data there was. */
export type StageRecords = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export type Results = {
  readonly records?: StageRecords;
  readonly plans?: ByPhase<Both<PlanFigures>>;
  readonly steps?: ByPhase<Both<StepFigures>>;
  readonly online?: ByPhase<Both<OnlineFigures>>;
  readonly best_of_4?: ByPhase<Both<OnlineFigures>>;
  /** By the phase whose steps were scored. */
  readonly reward?: ByPhase<RewardFigures>;
  readonly safety?: ByPhase<SafetyFigures>;
  readonly full_precision?: ByPhase<FullPrecision>;
};

/** The same figures of the same tasks, with the weights as they were trained. */
export type FullPrecision = { readonly plans?: PlanFigures; readonly steps?: StepFigures };

/** The phase whose steps the reward model is judged by, best first: it was trained on what LAM3 did. */
export const REWARDED = ['3', '4', '2'] as const;
/** The phase that plays behind the policy, best first. */
export const GUARDED = ['4', '3', '2'] as const;

export type Preferred<T> = Measured<T> & { readonly phase: Phase };

/** What was measured of the first of `phases` of which anything was. */
export function preferred<T>(byPhase: ByPhase<T> | undefined, phases: readonly Phase[]): Preferred<T> | null {
  const phase = phases.find((candidate) => byPhase?.[candidate] !== undefined);
  const measured = phase && byPhase?.[phase];
  return measured === undefined || phase === undefined ? null : { ...measured, phase };
}

/**
 * Without what was measured of other weights than `weights` has (sha256 by `name:version`; absent: not known, and kept), and without
 * the float32 figures of phases that have nothing else left to compare with.
 */
export function withoutStale(results: Results, weights: Readonly<Record<string, string>>): Results {
  const { records, full_precision, ...sections } = results;
  const isCurrent = (measured: Measured<unknown>): boolean =>
    Object.entries(measured.weights).every(([model, sha256]) => (weights[model] ?? sha256) === sha256);
  const kept: Results = Object.fromEntries(
    Object.entries(sections).map(([name, byPhase]) => [name, only(byPhase as ByPhase<unknown>, isCurrent)]),
  );
  const exact = full_precision && only(full_precision, (_, phase) => hasSteps(kept, phase));
  return { ...(records && { records }), ...kept, ...(exact && { full_precision: exact }) };
}

const hasSteps = ({ steps, plans }: Results, phase: Phase): boolean =>
  steps?.[phase] !== undefined || plans?.[phase] !== undefined;

function only<T>(byPhase: ByPhase<T>, holds: (measured: Measured<T>, phase: Phase) => boolean): ByPhase<T> {
  const entries = Object.entries(byPhase) as [Phase, Measured<T>][];
  return Object.fromEntries(entries.filter(([phase, measured]) => holds(measured, phase)));
}

/** Nothing if there is no such file. */
export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : {};
}

export function writeResults(path: string, results: Results): void {
  writeFileSync(path, `${JSON.stringify(results, null, 1)}\n`);
}
