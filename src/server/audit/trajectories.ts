/** Trajectories from audit logs: for each episode its steps, each with state, action and reward, in the order they were taken. */

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Content } from './records.ts';
import { parseRecord } from './segments.ts';

/** One action of an episode with what came of it. */
export type Step = Content & {
  readonly session_id: string;
  /** From 1. */
  readonly step: number;
  readonly request_id: string;
  readonly time: string;
  readonly model: string;
  readonly version: string;
  /** As ReportOutcome told it; `none`: nothing was told. */
  readonly result_status: string;
  readonly error: string;
  /** 1: a step of a task that succeeded; -1: of one that failed, or a step that failed itself; null: not known. */
  readonly reward: number | null;
  /** What the reward model said when the action was chosen. */
  readonly predicted_reward: number | null;
};

export type Trajectory = {
  readonly session_id: string;
  readonly user_request: string;
  /** As EndEpisode told it: success, failure, abandoned, or empty. */
  readonly outcome: string;
  readonly steps: readonly Step[];
};

/** What was read and could not be used. */
export type ReadReport = {
  lines: number;
  actions: number;
  /** Lines that are no JSON objects. */
  broken: number;
  /** Numbers that are missing between two lines. */
  missing: number;
  /** Actions without content. */
  withoutContent: number;
};

type Draft = { outcome: string; readonly steps: Map<string, Omit<Step, 'reward'>> };

export class TrajectoryReader {
  readonly report: ReadReport = { lines: 0, actions: 0, broken: 0, missing: 0, withoutContent: 0 };
  readonly #episodes = new Map<string, Draft>();
  #seq = 0;

  /** Files in the order in which they were written. */
  async read(input: Readable): Promise<void> {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') this.#readLine(line);
    }
  }

  /** Episodes in the order of their first action. */
  *trajectories(): Generator<Trajectory> {
    for (const { outcome, steps } of this.#episodes.values()) {
      const [first] = steps.values();
      if (first === undefined) continue;
      yield {
        session_id: first.session_id,
        user_request: first.state.userRequest,
        outcome,
        steps: [...steps.values()].map((step) => ({ ...step, reward: rewardOf(outcome, step.result_status) })),
      };
    }
  }

  #readLine(line: string): void {
    this.report.lines++;
    const record = parseRecord(line);
    if (record === undefined) {
      this.report.broken++;
      return;
    }
    const seq = Number(record['seq']);
    // The first line that is read may have any number, and so may one of a log that was begun anew.
    if (this.#seq > 0 && seq > this.#seq + 1) this.report.missing += seq - this.#seq - 1;
    this.#seq = seq;
    if (record['type'] === 'action') this.#readAction(record);
    if (record['type'] === 'outcome') this.#readOutcome(record);
    if (record['type'] === 'end') this.#readEnd(record);
  }

  #readAction(record: Fields): void {
    this.report.actions++;
    const content = record['content'] as Content | undefined;
    if (content?.state === undefined || content.action === undefined) {
      this.report.withoutContent++;
      return;
    }
    const { score } = (record['reward'] ?? {}) as { readonly score?: number };
    const step = {
      session_id: text(record, 'session_id'),
      step: Number(record['step']),
      request_id: text(record, 'request_id'),
      time: text(record, 'time'),
      model: text(record, 'model'),
      version: text(record, 'version'),
      state: content.state,
      action: content.action,
      result_status: 'none',
      error: '',
      predicted_reward: score ?? null,
    };
    // Without an episode, every action is one by itself.
    this.#draft(record, step.session_id === '' ? `request ${seqKey(record)}` : undefined).steps.set(
      stepKey(record),
      step,
    );
  }

  #readOutcome(record: Fields): void {
    const { steps } = this.#draft(record);
    const step = steps.get(stepKey(record));
    if (step === undefined) return;
    const { error = '' } = (record['content'] ?? {}) as { readonly error?: string };
    steps.set(stepKey(record), { ...step, result_status: text(record, 'result_status'), error });
  }

  #readEnd(record: Fields): void {
    this.#draft(record).outcome = text(record, 'outcome');
  }

  #draft(record: Fields, alone?: string): Draft {
    const key = alone ?? JSON.stringify([record['principal'], record['session_id']]);
    let draft = this.#episodes.get(key);
    if (draft === undefined) {
      draft = { outcome: '', steps: new Map() };
      this.#episodes.set(key, draft);
    }
    return draft;
  }
}

type Fields = Readonly<Record<string, unknown>>;

function text(record: Fields, name: string): string {
  return String(record[name] ?? '');
}

function stepKey(record: Fields): string {
  return Number(record['step']) > 0 ? text(record, 'step') : seqKey(record);
}

function seqKey(record: Fields): string {
  return `${text(record, 'time')} ${text(record, 'seq')}`;
}

/** Of a step that was not executed nothing is known. */
function rewardOf(outcome: string, resultStatus: string): number | null {
  if (resultStatus === 'failure' || resultStatus === 'undone') return -1;
  if (resultStatus === 'skipped') return null;
  if (outcome === 'success') return 1;
  return outcome === 'failure' ? -1 : null;
}
