/** Builders with defaults for what scheduler and engine work on. */
import { Engine, type EngineEvent, type EngineOptions } from '../../src/runtime/engine/engine.ts';
import type { GenerateRequest, GenerateResult } from '../../src/runtime/engine/generate.ts';

import { SlotPool } from '../../src/runtime/kv/slot-pool.ts';
import { type EntryResult, Scheduler, type SchedulerConfig } from '../../src/runtime/scheduler/scheduler.ts';
import { Sequence } from '../../src/runtime/scheduler/sequence.ts';
import type { StepEntry, StepPlan } from '../../src/runtime/scheduler/step-plan.ts';
import { aVocabulary, coinFlips } from './engine-grammars.ts';
import { FakeModelRunner, type FakeRunnerOptions } from './fake-model-runner.ts';

export type SequenceSpec = {
  readonly id?: number;
  /** Number of tokens known at the start. */
  readonly prompt?: number;
  readonly maxNewTokens?: number;
  readonly deadlineMs?: number;
  readonly priority?: number;
  readonly queuedMs?: number;
};

/** By default sequence 0 with a prompt of 3 tokens and room for 8 more; its tokens are all 0. */
export function aSequence(spec: SequenceSpec = {}): Sequence {
  const { id = 0, prompt = 3, maxNewTokens = 8, ...rest } = spec;
  return new Sequence({ id, tokens: new Int32Array(prompt), maxNewTokens, ...rest });
}

/** Limits that never bind. */
export const GENEROUS: SchedulerConfig = {
  maxStepTokens: 1_000,
  maxChunkTokens: 1_000,
  maxWaitingRequests: 1_000,
  maxWaitingTokens: 1_000_000,
  maxBranches: 15,
};

/** By default 2 slots and limits that never bind. */
export function aScheduler(config: Partial<SchedulerConfig> & { numSlots?: number } = {}): Scheduler {
  const { numSlots = 2, ...limits } = config;
  return new Scheduler({ ...GENEROUS, ...limits }, new SlotPool(numSlots));
}

/** The plan in short: `[sequence id, start, number of tokens]` per entry. */
export function shape(plan: StepPlan): [number, number, number][] {
  return plan.entries.map(({ sequenceId, start, tokens }) => [sequenceId, start, tokens.length]);
}

export const COMPLETED: EntryResult = { type: 'completed' };

export function appended(numTokens: number): EntryResult {
  return { type: 'appended', tokens: new Int32Array(numTokens) };
}

/** One step in which every sequence that reaches its end gets `decide`'s result; by default one more token. */
export function runStep(
  scheduler: Scheduler,
  now: number,
  decide: (entry: StepEntry) => EntryResult = () => appended(1),
): ReturnType<Scheduler['commit']> {
  const plan = scheduler.schedule(now);
  const results = plan.entries.map((entry) => (entry.wantsLogits ? decide(entry) : ({ type: 'computed' } as const)));
  return scheduler.commit(plan, results, now);
}

/** By default greedy, with the prompt 0 1 0 and two coin flips to answer. */
export function aRequest(spec: Partial<GenerateRequest> = {}): GenerateRequest {
  return {
    promptTokens: Int32Array.of(0, 1, 0),
    grammar: coinFlips(2),
    sampling: { temperature: 0, seed: 1 },
    ...spec,
  };
}

/** A clock that stands still until it is told otherwise. */
export class ManualClock {
  nowMs = 0;
  readonly read = (): number => this.nowMs;
}

export type EngineWorld = { readonly engine: Engine; readonly runner: FakeModelRunner; readonly clock: ManualClock };

/** An engine on a fake runner; by default 4 tokens, 2 slots of 64 positions, limits that never bind, no prefix store. */
export function anEngine(
  options: FakeRunnerOptions &
    Pick<EngineOptions, 'prefixStoreBytes' | 'prefixBlockTokens'> & { limits?: Partial<SchedulerConfig> } = {},
): EngineWorld {
  const { limits, prefixStoreBytes = 0, prefixBlockTokens = 2, ...runnerOptions } = options;
  const runner = new FakeModelRunner(runnerOptions);
  const clock = new ManualClock();
  const vocabulary = aVocabulary(runner.vocabSize);
  const engine = new Engine({
    runner,
    vocabulary,
    scheduler: { ...GENEROUS, ...limits },
    clock: clock.read,
    prefixStoreBytes,
    prefixBlockTokens,
  });
  return { engine, runner, clock };
}

/** Steps until nothing is left to do; all events in order. */
export function runToEnd(engine: Engine): EngineEvent[] {
  const events: EngineEvent[] = [];
  while (engine.hasWork) {
    events.push(...engine.step().events);
    engine.checkIntegrity('blocks');
  }
  return events;
}

/** By default two tokens, one of them chosen, with no doubt and in no time. */
export function aResult(spec: Partial<GenerateResult> = {}): GenerateResult {
  const { tokens = Int32Array.of(0, 1), logProbs = { control: 0, function: 0, args: 0, status: 0, words: 0 } } = spec;
  return {
    tokens,
    logProbs,
    candidates: [{ tokens, logProbs }],
    generatedTokens: 1,
    forcedTokens: 1,
    cachedTokens: 0,
    queueMs: 0,
    prefillMs: 0,
    decodeMs: 0,
    ...spec,
  };
}
