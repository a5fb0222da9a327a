/** Metrics of the engines: steps, batches, slots, the prefix store, memory, restarts. Fed by what the runtime reports. */
import {
  type MemoryBudget,
  type ModelInfo,
  type ModelStateReport,
  monotonicMs,
  type RestartReport,
  type RewardReport,
  type StepReport,
} from '../../runtime/index.ts';
import { type Counter, type Histogram, type MetricFactory, type Series, SHORT_SECONDS } from './factory.ts';
import { MODEL_LABELS, type ModelLabels } from './model-labels.ts';

export type EngineMetricsOptions = {
  readonly models: () => readonly ModelStatus[];
  readonly memory: () => MemoryBudget | undefined;
};

export type ModelStatus = Pick<ModelInfo, 'name' | 'version'> & Partial<Pick<ModelInfo, 'state' | 'labels'>>;

type PerModel = (typeof MODEL_LABELS)[number];

const ROWS = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64];
const STATES: readonly ModelInfo['state'][] = ['loading', 'ready', 'failed', 'restarting', 'draining'];

export class EngineMetrics {
  readonly #options: EngineMetricsOptions;
  /** Latest step by model and version, for gauges that are read at scrape time. */
  readonly #lastSteps = new Map<string, { readonly report: StepReport; readonly atMs: number }>();
  /** Pairs that wait for a reward model, likewise. */
  readonly #waitingPairs = new Map<string, number>();
  readonly #stepSeconds: Histogram<PerModel>;
  readonly #partSeconds: Counter<PerModel | 'part'>;
  readonly #maskSeconds: Histogram<PerModel>;
  readonly #batchSize: Histogram<PerModel>;
  readonly #tokens: Counter<PerModel | 'kind'>;
  readonly #prefixQueried: Counter<PerModel>;
  readonly #prefixHits: Counter<PerModel>;
  readonly #prefixEvictions: Counter<PerModel>;
  readonly #restarts: Counter<PerModel>;
  readonly #rewardSeconds: Histogram<PerModel>;
  readonly #rewardPairs: Histogram<PerModel>;
  readonly #rewardTokens: Counter<PerModel | 'kind'>;

  constructor(factory: MetricFactory, options: EngineMetricsOptions) {
    this.#options = options;
    const labels = MODEL_LABELS;
    this.#stepSeconds = factory.histogram('step_seconds', 'Duration of one engine step.', { labels });
    this.#partSeconds = factory.counter(
      'step_part_seconds_total',
      'Time of engine steps by part: run (the model), mask (grammar and sampling), kv (KV saved, restored, copied).',
      [...labels, 'part'],
    );
    this.#maskSeconds = factory.histogram('mask_seconds', 'Grammar and sampling in one engine step.', {
      labels,
      buckets: SHORT_SECONDS,
    });
    this.#batchSize = factory.histogram(
      'batch_size',
      'Sequences decoded together in one engine step; steps without any are not counted.',
      { labels, buckets: ROWS },
    );
    this.#tokens = factory.counter(
      'engine_tokens_total',
      'Tokens that engines worked on, whether or not the request was answered: chunk (prompts and forced tokens, computed), ' +
        'generated and forced (of answers).',
      [...labels, 'kind'],
    );
    const prefix = (name: string, help: string) => factory.counter(`prefix_${name}_total`, help, labels);
    this.#prefixQueried = prefix('queried_tokens', 'Prompt tokens that were looked for in the prefix store.');
    this.#prefixHits = prefix('hit_tokens', 'Of those, tokens that were found there and not computed again.');
    this.#prefixEvictions = prefix('evicted_blocks', 'Blocks that went out of the prefix store to make room.');
    this.#restarts = factory.counter('engine_restarts_total', 'Engine threads that crashed, ended or hung.', labels);
    this.#rewardSeconds = factory.histogram('reward_batch_seconds', 'Duration of one batch of a reward model.', {
      labels,
    });
    this.#rewardPairs = factory.histogram('reward_batch_pairs', 'Pairs of state and action in one batch.', {
      labels,
      buckets: ROWS,
    });
    this.#rewardTokens = factory.counter('reward_tokens_total', 'Tokens of reward batches: pair, padding.', [
      ...labels,
      'kind',
    ]);
    this.#addStepGauges(factory);
    this.#addModelGauges(factory);
    this.#addMemoryGauges(factory);
  }

  onStep(report: StepReport): void {
    const { model, version } = report;
    const labels = { model, version };
    this.#lastSteps.set(keyOf(labels), { report, atMs: monotonicMs() });
    this.#stepSeconds.observe(labels, report.durationMs / 1e3);
    this.#maskSeconds.observe(labels, report.maskMs / 1e3);
    if (report.decodeRows > 0) this.#batchSize.observe(labels, report.decodeRows);
    for (const part of ['run', 'mask', 'kv'] as const) {
      this.#partSeconds.inc({ ...labels, part }, report[`${part}Ms`] / 1e3);
    }
    for (const kind of ['chunk', 'generated', 'forced'] as const) {
      if (report[`${kind}Tokens`] > 0) this.#tokens.inc({ ...labels, kind }, report[`${kind}Tokens`]);
    }
    if (report.prefixQueriedTokens > 0) this.#prefixQueried.inc(labels, report.prefixQueriedTokens);
    if (report.prefixHitTokens > 0) this.#prefixHits.inc(labels, report.prefixHitTokens);
    if (report.prefixEvictedBlocks > 0) this.#prefixEvictions.inc(labels, report.prefixEvictedBlocks);
  }

  onRewardBatch({ model, version, pairs, tokens, paddedTokens, durationMs, waitingPairs }: RewardReport): void {
    const labels = { model, version };
    this.#waitingPairs.set(keyOf(labels), waitingPairs);
    this.#rewardSeconds.observe(labels, durationMs / 1e3);
    this.#rewardPairs.observe(labels, pairs);
    this.#rewardTokens.inc({ ...labels, kind: 'pair' }, tokens);
    this.#rewardTokens.inc({ ...labels, kind: 'padding' }, paddedTokens - tokens);
  }

  /** A counter must be there before its first event, or no alert sees that one. */
  onModelState({ model, version, state }: ModelStateReport): void {
    if (state === 'ready') this.#restarts.inc({ model, version }, 0);
  }

  onRestart({ model, version }: RestartReport): void {
    this.#restarts.inc({ model, version });
  }

  /** A series per loaded version for which `read` has a value: what has been unloaded leaves none behind. */
  *#perModel(read: (key: string) => number | undefined): Iterable<Series<PerModel>> {
    for (const { name: model, version } of this.#options.models()) {
      const value = read(keyOf({ model, version }));
      if (value !== undefined) yield [{ model, version }, value];
    }
  }

  #addStepGauges(factory: MetricFactory): void {
    const gauge = (name: string, help: string, read: (report: StepReport, atMs: number) => number) => {
      const last = (key: string) => {
        const step = this.#lastSteps.get(key);
        return step && read(step.report, step.atMs);
      };
      factory.collected(name, help, { labels: MODEL_LABELS, read: () => this.#perModel(last) });
    };
    gauge('slots_in_use', 'KV slots owned by a sequence: requests that run.', (report) => report.slotsInUse);
    gauge('slots', 'KV slots.', (report) => report.slotsTotal);
    gauge('kv_usage_ratio', 'Share of the KV slots that is in use, 0 to 1.', (report) => {
      return report.slotsInUse / Math.max(1, report.slotsTotal);
    });
    gauge('waiting_requests', 'Requests waiting for a slot.', (report) => report.waitingRequests);
    gauge('waiting_tokens', 'Prompt tokens of the requests that wait.', (report) => report.waitingTokens);
    gauge('prefix_store_bytes', 'KV that the prefix store holds.', (report) => report.prefixStoreBytes);
    gauge('seconds_since_last_step', 'Time since the engine last finished a step.', (_report, atMs) => {
      return (monotonicMs() - atMs) / 1e3;
    });
    factory.collected('reward_waiting_pairs', 'Pairs waiting for a reward model, as of its last batch.', {
      labels: MODEL_LABELS,
      read: () => this.#perModel((key) => this.#waitingPairs.get(key)),
    });
  }

  #addModelGauges(factory: MetricFactory): void {
    const { models } = this.#options;
    factory.collected('model_state', '1 for the state that a version is in, 0 for the others.', {
      labels: [...MODEL_LABELS, 'state'],
      *read(): Iterable<Series<PerModel | 'state'>> {
        for (const { name: model, version, state } of models()) {
          for (const each of STATES) yield [{ model, version, state: each }, each === state ? 1 : 0];
        }
      },
    });
    factory.collected('model_label_share', 'Share of the traffic that a label of a version gets, 0 to 1.', {
      labels: [...MODEL_LABELS, 'label'],
      *read(): Iterable<Series<PerModel | 'label'>> {
        for (const { name: model, version, labels = [] } of models()) {
          for (const { label, share } of labels) yield [{ model, version, label }, share];
        }
      },
    });
  }

  #addMemoryGauges(factory: MetricFactory): void {
    const { memory } = this.#options;
    factory.collected('memory_bytes', 'What a loaded version takes at most, by kind: weights, kv, prefix_store.', {
      labels: [...MODEL_LABELS, 'kind'],
      *read(): Iterable<Series<PerModel | 'kind'>> {
        for (const { name: model, version, weightsBytes, kvBytes, prefixStoreBytes } of memory()?.models ?? []) {
          yield [{ model, version, kind: 'weights' }, weightsBytes];
          yield [{ model, version, kind: 'kv' }, kvBytes];
          yield [{ model, version, kind: 'prefix_store' }, prefixStoreBytes];
        }
      },
    });
    factory.collected('memory_limit_bytes', 'What all models together may take; 0: there is no limit.', {
      labels: [],
      read: () => [[{}, memory()?.maxBytes ?? 0]],
    });
  }
}

function keyOf({ model, version }: ModelLabels): string {
  return `${model}:${version}`;
}
