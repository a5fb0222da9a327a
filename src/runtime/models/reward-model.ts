/** A loaded model of role `reward`: a state and actions in, a number for each out. */
import { monotonicMs } from '../clock.ts';
import type { RewardDialect } from '../dialects/reward-dialect.ts';
import { invalid } from '../errors.ts';
import type { RequestOptions, Reward, RuntimeStats, Scores } from '../runtime.ts';
import { type Action, NO_ACTION, type State } from '../types.ts';
import type { CloseMode } from '../worker/messages.ts';
import type { RewardClient } from '../worker/reward-client.ts';
import type { Supervisor } from '../worker/supervisor.ts';
import type { ModelDescription, ModelStatus, ServedModel } from './served-model.ts';
import { warmUpBy, warmUpState } from './warm-up-state.ts';

/** Most actions of one call. */
const MAX_ACTIONS = 64;
/** To warm up on. */
const DONE: Action = { ...NO_ACTION, status: 'FINISH' };

export class RewardModel implements ServedModel {
  readonly role = 'reward';
  readonly #description: ModelDescription;
  readonly #dialect: RewardDialect;
  readonly #thread: Supervisor<RewardClient>;

  constructor(description: ModelDescription, dialect: RewardDialect, thread: Supervisor<RewardClient>) {
    this.#description = description;
    this.#dialect = dialect;
    this.#thread = thread;
  }

  /** Rewards on a made-up state, so that no user's request is the one that compiles the code on its path. */
  async warmUp(signal: AbortSignal): Promise<void> {
    await warmUpBy(() => this.scoreActions(warmUpState(), [DONE], { model: '', signal }));
  }

  /** See `Runtime.scoreActions`. */
  async scoreActions(state: State, actions: readonly Action[], options: RequestOptions): Promise<Scores> {
    const startMs = monotonicMs();
    const { name: model, version } = this.#description;
    if (actions.length === 0 || actions.length > MAX_ACTIONS) throw invalid('actions', `expected 1 to ${MAX_ACTIONS}`);
    const { deadlineMs, signal } = options;
    const request = { rows: this.#dialect.prepare(state, actions), ...(deadlineMs !== undefined && { deadlineMs }) };
    const { rewards, queueMs } = await this.#thread.client.request(request, signal);
    return {
      model,
      version,
      rewards: Array.from(rewards, rewardOf),
      timing: { queueMs, totalMs: monotonicMs() - startMs },
    };
  }

  status(): ModelStatus {
    return this.#thread.status();
  }

  stats(): Promise<RuntimeStats> {
    return this.#thread.stats();
  }

  close(mode: CloseMode): Promise<void> {
    return this.#thread.close(mode);
  }
}

function rewardOf(raw: number): Reward {
  return { raw, score: 1 / (1 + Math.exp(-raw)) };
}
