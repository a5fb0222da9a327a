/** From what was played to what is reported. */
import type { Phases, Played, StepResult } from './contestant.ts';
import { SIZES, type Size } from './episodes.ts';
import { CLIENTS, type NumClients, type RoundRecord } from './rounds.ts';
import { mean, quantile, round, type Spread, share, spread } from './stats.ts';
import type { WindowKind } from './work.ts';

/** Latency in milliseconds and throughput at one number of clients: over the rounds, as [low, median, high]. */
export type Load = {
  readonly p50_ms: Spread;
  readonly p95_ms: Spread;
  readonly p99_ms: Spread;
  readonly steps_per_s: Spread;
  readonly steps: number;
};

/** One size of window, first or later steps of an episode, at one client, all rounds together. */
export type StepClass = {
  readonly size: Size;
  readonly is_first: boolean;
  readonly steps: number;
  readonly p50_ms: number;
  readonly p99_ms: number;
  /** Means. */
  readonly phases_ms: Phases;
  readonly prompt_tokens: number;
  readonly cached_tokens: number;
  /** Mean share of a prompt that was computed, 0..1. */
  readonly computed_share: number;
  readonly generated_tokens: number;
  readonly forced_tokens: number;
  /** Everything but prefill and decode, median, in milliseconds: as the client sees it, and within the gateway. */
  readonly overhead_p50_ms: number;
  readonly overhead_inside_p50_ms: number;
};

/** Shares of their prompts that steps computed, 0..1; the rest was there from earlier steps. */
export type ComputedShare = { readonly steps: number; readonly mean: number; readonly median: number };

/** All later steps of episodes, and those that find the window of the step before them or another one; at one client. */
export type LaterSteps = Readonly<Record<'all' | 'same_window' | 'other_window', ComputedShare>>;

export type EngineSummary = {
  readonly clients: Readonly<Record<NumClients, Load>>;
  readonly classes: readonly StepClass[];
  readonly later_steps: LaterSteps;
  /** Shares over all steps, 0..1. */
  readonly valid: number | null;
  readonly grounded: number | null;
  readonly equal_to_reference: number | null;
  readonly generated_tokens: number;
  readonly forced_tokens: number;
  /** Latencies at one client, for plots. */
  readonly latencies_ms: readonly number[];
};

export function summarize(record: RoundRecord): Record<string, EngineSummary> {
  return Object.fromEntries([...record].map(([name, byClients]) => [name, summarizeEngine(byClients)]));
}

function summarizeEngine(byClients: Readonly<Record<NumClients, readonly Played[]>>): EngineSummary {
  const alone = byClients[1].flatMap(({ steps }) => steps);
  const all = CLIENTS.flatMap((numClients) => byClients[numClients].flatMap(({ steps }) => steps));
  const verdicts = all.map(({ verdict }) => verdict);
  const load = (numClients: NumClients) => loadOf(byClients[numClients]);
  return {
    clients: { 1: load(1), 8: load(8), 16: load(16) },
    classes: SIZES.flatMap((size) =>
      [true, false].map((isFirst) => classOf(alone, size, isFirst)).filter(({ steps }) => steps > 0),
    ),
    later_steps: laterSteps(alone),
    valid: share(verdicts.map(({ isValid }) => isValid)),
    grounded: share(verdicts.map(({ isGrounded }) => isGrounded)),
    equal_to_reference: share(verdicts.flatMap(({ isEqual }) => (isEqual === undefined ? [] : [isEqual]))),
    generated_tokens: round(mean(all.map((step) => step.generatedTokens))),
    forced_tokens: round(mean(all.map((step) => step.forcedTokens))),
    latencies_ms: alone.map(({ latencyMs }) => round(latencyMs)),
  };
}

function loadOf(rounds: readonly Played[]): Load {
  const over = (q: number) => spread(rounds.map(({ steps }) => quantile(latencies(steps), q)));
  return {
    p50_ms: over(0.5),
    p95_ms: over(0.95),
    p99_ms: over(0.99),
    steps_per_s: spread(rounds.map(stepsPerSecond)),
    steps: rounds.reduce((sum, { steps }) => sum + steps.length, 0),
  };
}

function classOf(alone: readonly StepResult[], size: Size, isFirst: boolean): StepClass {
  const steps = alone.filter((step) => step.size === size && step.isFirst === isFirst);
  const meanOf = (value: (step: StepResult) => number) => round(mean(steps.map(value)));
  const medianOf = (value: (step: StepResult) => number) => round(quantile(steps.map(value), 0.5));
  return {
    size,
    is_first: isFirst,
    steps: steps.length,
    p50_ms: round(quantile(latencies(steps), 0.5)),
    p99_ms: round(quantile(latencies(steps), 0.99)),
    phases_ms: {
      queue: meanOf(({ phases }) => phases.queue),
      prepare: meanOf(({ phases }) => phases.prepare),
      prefill: meanOf(({ phases }) => phases.prefill),
      decode: meanOf(({ phases }) => phases.decode),
      rest: meanOf(({ phases }) => phases.rest),
      wire: meanOf(({ phases }) => phases.wire),
    },
    prompt_tokens: meanOf(({ promptTokens }) => promptTokens),
    cached_tokens: meanOf(({ cachedTokens }) => cachedTokens),
    computed_share: meanOf(computedShareOf),
    generated_tokens: meanOf(({ generatedTokens }) => generatedTokens),
    forced_tokens: meanOf(({ forcedTokens }) => forcedTokens),
    overhead_p50_ms: medianOf(({ latencyMs, phases }) => latencyMs - phases.prefill - phases.decode),
    overhead_inside_p50_ms: medianOf(({ phases }) => phases.queue + phases.prepare + phases.rest),
  };
}

function laterSteps(alone: readonly StepResult[]): LaterSteps {
  const computedShare = (...windows: readonly WindowKind[]): ComputedShare => {
    const steps = alone.filter(({ window }) => windows.includes(window));
    const shares = steps.map(computedShareOf);
    return { steps: steps.length, mean: round(mean(shares)), median: round(quantile(shares, 0.5)) };
  };
  return {
    all: computedShare('same', 'other'),
    same_window: computedShare('same'),
    other_window: computedShare('other'),
  };
}

function computedShareOf({ promptTokens, cachedTokens }: StepResult): number {
  return 1 - cachedTokens / promptTokens;
}

/** Above 1: the gateway is better. */
export type Ratios = Readonly<Record<'p50_1' | 'p99_1' | 'steps_per_s_8' | 'steps_per_s_16', Spread>>;

/** Per peer: round by round, the gateway against the peer on the same work. */
export function ratiosOf(record: RoundRecord): Record<string, Ratios> {
  const gateway = record.get('gateway');
  if (gateway === undefined) return {};
  const peers = [...record].filter(([name]) => name !== 'gateway');
  return Object.fromEntries(
    peers.map(([name, peer]): [string, Ratios] => {
      const perRound = (numClients: NumClients, ratio: (ours: Played, theirs: Played) => number) =>
        spread(gateway[numClients].map((ours, i) => ratio(ours, peer[numClients][i] as Played)));
      const slower = (q: number) => (ours: Played, theirs: Played) =>
        quantile(latencies(theirs.steps), q) / quantile(latencies(ours.steps), q);
      const faster = (ours: Played, theirs: Played) => stepsPerSecond(ours) / stepsPerSecond(theirs);
      return [
        name,
        {
          p50_1: perRound(1, slower(0.5)),
          p99_1: perRound(1, slower(0.99)),
          steps_per_s_8: perRound(8, faster),
          steps_per_s_16: perRound(16, faster),
        },
      ];
    }),
  );
}

function latencies(steps: readonly StepResult[]): number[] {
  return steps.map(({ latencyMs }) => latencyMs);
}

function stepsPerSecond({ steps, wallMs }: Played): number {
  return (steps.length / wallMs) * 1e3;
}
