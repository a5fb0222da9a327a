/** An engine in the comparison: what it is asked, and what is kept of each answer. */
import type { Size } from './episodes.ts';
import type { Verdict } from './judge.ts';
import type { WindowKind, WorkStep } from './work.ts';

/** The models of the comparison: the shipped one, and one of random weights that is some thirty times its size. */
export const MODELS = ['shipped', 'large'] as const;
export type ModelKey = (typeof MODELS)[number];

export type StepResult = {
  readonly size: Size;
  readonly isFirst: boolean;
  readonly window: WindowKind;
  readonly latencyMs: number;
  readonly phases: Phases;
  readonly promptTokens: number;
  /** Of the prompt, not computed because an earlier step had. */
  readonly cachedTokens: number;
  /** Answer tokens that took a choice, and those that the grammar left none about. */
  readonly generatedTokens: number;
  readonly forcedTokens: number;
  readonly verdict: Verdict;
};

/** Where the time of a step went, in milliseconds; together they are the step's latency. */
export type Phases = {
  /** Waiting for the engine while others have it, as far as it tells. */
  readonly queue: number;
  /** Rendering, tokenizing, building the grammar; for peers, which get tokens: the grammar and the cache's look-up. */
  readonly prepare: number;
  readonly prefill: number;
  readonly decode: number;
  /** (De)serializing, validating, policy, threads: what is left of the engine's own time. */
  readonly rest: number;
  /** Between client and gateway: the client's side of HTTP/2, sockets, waking the other process. 0 for peers, which have no server. */
  readonly wire: number;
};

export type Played = { readonly steps: readonly StepResult[]; readonly wallMs: number };

export interface Contestant extends AsyncDisposable {
  readonly name: string;
  /** Its versions and settings, for the record. */
  readonly about: Readonly<Record<string, unknown>>;
  /** Before lanes of that number are played. */
  prepare(numClients: number): Promise<void>;
  /** Plays lanes at the same time, the steps of each one after the other. `run` names this run apart from all others. */
  play(lanes: readonly (readonly WorkStep[])[], run: string): Promise<Played>;
}

/** Random weights answer nonsense of any length; all engines are held to what most real answers are: a click. */
export const LARGE_FUNCTIONS: readonly string[] = ['click_input'];
