/** The paper's Table 1 beside ours: how much data each phase learned from. */
import { type Cell, grouped, table } from './markdown.ts';
import { PAPER_DATA } from './paper.ts';
import type { StageRecords } from './results.ts';

/** Null if the records are not known. */
export function dataTable(records: StageRecords | undefined): string | null {
  if (records === undefined) return null;
  const rows = [lam1(records), lam2(records), lam3(records), reward(records), lam4(records)];
  return table(['phase', 'learns from', 'ours', 'the paper'], rows, 4);
}

/** A number of a record, however deep; null if it is not there. */
function at(records: StageRecords, stage: string, ...keys: readonly string[]): number | null {
  let value: unknown = records[stage];
  for (const key of keys) value = (value as Record<string, unknown> | undefined)?.[key];
  return typeof value === 'number' ? value : null;
}

const count = (value: number | null): string => (value === null ? '?' : grouped(value));

/** The words, or a dash where the stage has not been run. */
function sized(records: StageRecords, stage: string, words: string): string {
  return records[stage] === undefined ? '–' : words;
}

function lam1(records: StageRecords): Cell[] {
  const kinds = (records['collect']?.['plans'] ?? {}) as Record<string, number>;
  const listed = Object.entries(kinds).map(([kind, pairs]) => `${grouped(pairs)} ${kind}`);
  const words = `${count(at(records, 'lam1', 'pairs'))} pairs (${listed.join(', ')})`;
  return ['LAM1', 'task-plan pairs', sized(records, 'lam1', words), PAPER_DATA.lam1];
}

function lam2(records: StageRecords): Cell[] {
  const [trajectories, tasks] = [at(records, 'lam2', 'trajectories'), at(records, 'collect', 'tasks')];
  const words = `${count(trajectories)} trajectories of ${count(tasks)} tasks, ${count(at(records, 'lam2', 'steps'))} steps`;
  return ['LAM2', "the expert's successes", sized(records, 'lam2', words), PAPER_DATA.lam2];
}

function lam3(records: StageRecords): Cell[] {
  const failed = (at(records, 'collect', 'execution_fail') ?? 0) + (at(records, 'collect', 'execution_unsure') ?? 0);
  const words =
    `those, and ${count(at(records, 'boost', 'successes'))} successes of LAM2: ${count(at(records, 'boost', 'tasks_solved'))} of ` +
    `${count(at(records, 'boost', 'tasks'))} tasks tried, of ${count(failed)} that the expert failed on`;
  return ['LAM3', "LAM2's successes where the expert failed", sized(records, 'boost', words), PAPER_DATA.lam3];
}

function reward(records: StageRecords): Cell[] {
  const pairs = (kind: string): string => count(at(records, 'reward', 'pairs', kind));
  const words = `${pairs('good')} good answers, ${pairs('bad')} bad ones`;
  return ['reward', 'good and bad answers', sized(records, 'reward', words), PAPER_DATA.reward];
}

function lam4(records: StageRecords): Cell[] {
  const played = (at(records, 'boost', 'episodes') ?? 0) + (at(records, 'explore', 'episodes') ?? 0);
  const policy = (key: string): string => count(at(records, 'lam4', 'policy', key));
  const words =
    `${policy('candidates')} candidates in ${policy('states with a preference')} states of ${count(played)} trajectories; ` +
    `${count(at(records, 'rare', 'trajectories'))} trajectories of the expert's that end in FAIL or CONFIRM, ` +
    `${count(at(records, 'rare', 'contrasts'))} pairs of one that a disturbance makes impossible and one where it can be done`;
  return ['LAM4', "LAM2's and LAM3's candidates, by reward", sized(records, 'lam4', words), PAPER_DATA.lam4];
}
