/** One simulated desktop of the swarm: does one task after the other, and checks each answer against what it knows itself. */
import type { Control, LamClient, PredictActionResponse } from '../../src/client/index.ts';
import { makeEpisode } from '../desktop/episodes.ts';
import type { Outcome } from '../desktop/executor.ts';
import type { Observation } from '../desktop/observe.ts';

const MAX_STEPS = 15;

export type SwarmRecord = {
  /** Of the answered steps, back-off and repeats included. */
  readonly latenciesMs: number[];
  numEpisodes: number;
  numDone: number;
  /** What must not be: an answer about another desktop, a history that is not this episode's. */
  readonly mixUps: string[];
};

export type DesktopOptions = {
  readonly client: LamClient;
  /** From 0. */
  readonly desktop: number;
  /** Of the episode. */
  readonly seed: number;
  readonly record: SwarmRecord;
};

/** What the desktop itself knows of a step. */
type OwnStep = Readonly<
  Record<'function' | 'control_id' | 'control_name' | 'args' | 'result_status' | 'error', unknown>
>;

/** Fails with what the client fails with. */
export async function runSwarmEpisode({ client, desktop, seed, record }: DesktopOptions): Promise<void> {
  const { request, desktop: word, isDone } = makeEpisode('test', seed);
  const episode = client.episode({ id: `swarm-${desktop}-${seed}`, task: request, client_id: `desktop-${desktop}` });
  const own: OwnStep[] = [];
  while (own.length < MAX_STEPS) {
    const observation = word.observe();
    const controls = withStableIds(observation, desktop);
    const startMs = performance.now();
    const app = { process_name: observation.app.processName, window_title: observation.app.windowTitle };
    const answer = await episode.step(controls, { app });
    record.latenciesMs.push(performance.now() - startMs);
    const { action } = answer;
    const index = controls.findIndex(({ id }) => id === action.control_id);
    if (!isOwn(answer, controls[index])) {
      record.mixUps.push(`${episode.id}: step ${answer.step} is about ${action.control_id} ${action.control_name}`);
    }
    const isExecuted = action.function !== '' && action.status !== 'CONFIRM';
    const outcome = isExecuted && word.execute(callOf(answer, observation.controls[index]?.id ?? ''));
    const { result_status, error } = toReport(outcome);
    await episode.report({ result_status, error });
    own.push({ ...pick(action), result_status, error });
    if (action.status !== 'CONTINUE') break;
  }
  const { steps } = await client.getEpisode({ session_id: episode.id });
  const kept = steps.map(({ action, result_status, error }) => ({ ...pick(action), result_status, error }));
  if (JSON.stringify(kept) !== JSON.stringify(own)) {
    record.mixUps.push(`${episode.id}: the gateway remembers ${JSON.stringify(kept)}, it was ${JSON.stringify(own)}`);
  }
  const done = isDone();
  await episode.end(done ? 'success' : 'failure');
  record.numEpisodes++;
  if (done) record.numDone++;
}

/** Ids that hold while a control exists, as UI Automation's do, and that no other desktop has. */
function withStableIds({ controls, placed }: Observation, desktop: number): readonly Control[] {
  const seen = new Map<string, number>();
  return controls.map((control, i) => {
    const key = placed[i]?.key ?? '';
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return { ...control, id: `${desktop}:${key}:${nth}` };
  });
}

function isOwn({ action, grounded }: PredictActionResponse, control: Control | undefined): boolean {
  if (!grounded) return false;
  return action.control_id === '' ? action.control_name === '' : control?.name === action.control_name;
}

function callOf({ action }: PredictActionResponse, controlId: string) {
  return { function: action.function, args: action.args, controlId, controlName: action.control_name };
}

/** Nothing was executed: that is what is reported. */
function toReport(outcome: Outcome | false) {
  if (outcome === false) return { result_status: 'skipped', error: '' } as const;
  return { result_status: outcome.status, error: outcome.error };
}

/** In this order, with sorted arguments: compared as text. */
function pick(action: PredictActionResponse['action']) {
  const args = Object.entries(action.args).sort(([a], [b]) => (a < b ? -1 : 1));
  return { function: action.function, control_id: action.control_id, control_name: action.control_name, args };
}
