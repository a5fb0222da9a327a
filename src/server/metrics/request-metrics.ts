/** Metrics of requests: how they end, how long they and their parts take, what they compute. */
import type { ErrorCode, Reward } from '../../runtime/index.ts';
import type { CallReport, Work } from '../call.ts';
import { type Counter, type Histogram, type MetricFactory, observe, SHORT_SECONDS } from './factory.ts';
import { type LoadedModels, MODEL_LABELS, type ModelLabels, modelLabels } from './model-labels.ts';

/** How a request ended. */
export type Outcome = 'ok' | ErrorCode;

export type FinishedCall = CallReport & {
  readonly rpc: string;
  readonly outcome: Outcome;
  readonly durationMs: number;
};

type PhaseLabels = (typeof MODEL_LABELS)[number];
const PHASES = ['queue', 'render', 'grammar', 'prefill', 'decode'] as const;
/** Of a probability-like score. */
const SCORES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

export class RequestMetrics {
  readonly #models: LoadedModels;
  readonly #requests: Counter<'rpc' | 'model' | 'version' | 'outcome'>;
  readonly #seconds: Histogram<'rpc' | 'model' | 'version'>;
  readonly #phases: Readonly<Record<(typeof PHASES)[number], Histogram<PhaseLabels>>>;
  readonly #policySeconds: Histogram<PhaseLabels>;
  readonly #refusals: Counter<'reason'>;
  readonly #tokens: Counter<'model' | 'version' | 'kind'>;
  readonly #rewards: Histogram<PhaseLabels>;
  readonly #policyDecisions: Counter<'effect' | 'rule'>;
  readonly #policyExclusions: Counter<'rule'>;

  constructor(factory: MetricFactory, models: LoadedModels) {
    this.#models = models;
    this.#requests = factory.counter('requests_total', 'Requests by how they ended; outcome is ok or an error code.', [
      'rpc',
      'model',
      'version',
      'outcome',
    ]);
    this.#seconds = factory.histogram('request_seconds', 'From arrival to answer, successful requests.', {
      labels: ['rpc', 'model', 'version'],
      exemplars: true,
    });
    const labels = MODEL_LABELS;
    this.#phases = {
      queue: factory.histogram('queue_seconds', 'Waiting for a slot.', { labels }),
      render: factory.histogram(
        'render_seconds',
        'Rendering and tokenizing the prompt, and building the grammar where it comes with it.',
        { labels },
      ),
      grammar: factory.histogram(
        'grammar_seconds',
        'Building the grammar of the answer, where it can be while the prompt is computed.',
        { labels, buckets: SHORT_SECONDS },
      ),
      prefill: factory.histogram('prefill_seconds', 'Computing the prompt.', { labels }),
      decode: factory.histogram('decode_seconds', 'Computing the answer.', { labels }),
    };
    this.#policySeconds = factory.histogram('policy_seconds', 'Judging what the model chose.', {
      labels,
      buckets: SHORT_SECONDS,
    });
    this.#refusals = factory.counter(
      'refusals_total',
      'Requests turned away before a model worked for them, by reason.',
      ['reason'],
    );
    for (const reason of refusalReasons) this.#refusals.inc({ reason }, 0);
    this.#tokens = factory.counter(
      'tokens_total',
      'Tokens of answered requests: prompt, of those cached; answer tokens generated and forced.',
      ['model', 'version', 'kind'],
    );
    this.#rewards = factory.histogram('reward_score', 'Scores that a reward model gave to actions, 0 to 1.', {
      labels,
      buckets: SCORES,
    });
    this.#policyDecisions = factory.counter('policy_decisions_total', 'Answers by what the policy says of them.', [
      'effect',
      'rule',
    ]);
    this.#policyExclusions = factory.counter(
      'policy_exclusions_total',
      'Requests in which a rule kept controls or functions from the model.',
      ['rule'],
    );
  }

  onCall({ rpc, model, version, work, outcome, durationMs, ...report }: FinishedCall): void {
    const labels = modelLabels(this.#models, model, version);
    this.#requests.inc({ rpc, ...labels, outcome });
    const reason = refusalReason(outcome, report.admittedMs !== undefined);
    if (reason !== undefined) this.#refusals.inc({ reason });
    // Refusals take microseconds and would hide what an answer takes.
    if (outcome === 'ok') {
      const traceId = report.trace?.isRecorded ? report.trace.traceId : undefined;
      observe(this.#seconds, { labels: { rpc, ...labels }, value: durationMs / 1e3, traceId });
    }
    if (report.policyMs !== undefined) {
      this.#policySeconds.observe(labels, (report.policyMs.end - report.policyMs.start) / 1e3);
    }
    for (const rule of report.withheldBy ?? []) this.#policyExclusions.inc({ rule });
    if (work !== undefined) this.#onWork(labels, work);
  }

  /** `rule` is empty where none decided. */
  onPolicy(effect: string, rule: string): void {
    this.#policyDecisions.inc({ effect, rule: rule || 'none' });
  }

  #onWork(labels: ModelLabels, { timing, usage, rewards = [], candidates = [] }: Work): void {
    for (const phase of PHASES) {
      const durationMs = timing[`${phase}Ms`];
      if (durationMs !== undefined) this.#phases[phase].observe(labels, durationMs / 1e3);
    }
    const scored = candidates.flatMap(({ reward }): readonly Reward[] => (reward === undefined ? [] : [reward]));
    for (const { score } of [...rewards, ...scored]) this.#rewards.observe(labels, score);
    if (usage === undefined) return;
    this.#tokens.inc({ ...labels, kind: 'prompt' }, usage.promptTokens);
    this.#tokens.inc({ ...labels, kind: 'cached' }, usage.cachedTokens);
    this.#tokens.inc({ ...labels, kind: 'generated' }, usage.generatedTokens);
    this.#tokens.inc({ ...labels, kind: 'forced' }, usage.forcedTokens);
  }
}

/** Every value of the label `reason`. */
export const refusalReasons = [
  'unauthenticated',
  'permission_denied',
  'rate_limited',
  'gateway_full',
  'engine_queue',
  'not_ready',
] as const;

/** Undefined for a request that was not turned away. `isAdmitted`: it had its permit. */
function refusalReason(outcome: Outcome, isAdmitted: boolean): (typeof refusalReasons)[number] | undefined {
  switch (outcome) {
    case 'unauthenticated':
    case 'permission_denied':
    case 'rate_limited':
      return outcome;
    case 'overloaded':
      return isAdmitted ? 'engine_queue' : 'gateway_full';
    case 'unavailable':
      return isAdmitted ? undefined : 'not_ready';
    default:
      return undefined;
  }
}
