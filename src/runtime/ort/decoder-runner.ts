/**
 * Computes steps of a decoder with ONNX Runtime: single tokens as batches over ranges of slots, longer entries as chunks of one
 * row. Owns session, KV and every buffer of a step; a decode step allocates next to nothing.
 *
 * A batch is a contiguous range of slots. Where slots in use are not next to each other, each range is a run of its own: a row
 * for the slot between them costs more than a run. Measured (4 layers, width 256, 8 bit, 1 thread, 100 tokens of context): a
 * decode step of n rows takes 63 + 85 n microseconds. So a step touches the slots of its plan and no others.
 */

import type { DecoderConfig } from '../decoder-config.ts';
import type { ModelRunner } from '../engine/model-runner.ts';
import { invariant } from '../errors.ts';
import type { KvBlock } from '../kv/kv-block.ts';
import type { StepEntry, StepOutput, StepPlan } from '../scheduler/step-plan.ts';
import { DecoderInputs } from './decoder-inputs.ts';
import { DecoderLogits } from './decoder-logits.ts';
import { type DecoderLayout, readDecoderLayout } from './decoder-signature.ts';
import { Environment } from './environment.ts';
import { GrowingKv } from './growing-kv.ts';
import { createKvMemory, type KvPlace } from './kv-memory.ts';
import type { KvRun, KvStore } from './kv-store.ts';
import { loadOrtLibrary } from './library.ts';
import { PlanChecker } from './plan-checker.ts';
import { PrefillGraph, type PrefillOptions } from './prefill-graph.ts';
import { ResourceStack } from './resource-stack.ts';
import { RunOptions } from './run-options.ts';
import { Session } from './session.ts';
import { type SessionConfig, SPINNING_ENTRIES, type Spinning } from './session-options.ts';
import { SharedKv } from './shared-kv.ts';
import { writeSlotRanges } from './slot-ranges.ts';
import { createCpuMemoryInfo } from './tensor.ts';

/** A chunk beyond this is computed in parts: attention holds scores for chunk x max_length, and cost grows with that. */
const DEFAULT_MAX_CHUNK_TOKENS = 256;

/** Logits of one run of a graph that gives a row for every token: 64 MiB of float32. */
const MAX_LOGITS_OF_CHUNK = 2 ** 24;

export type DecoderRunnerOptions = {
  /** The graph, `model.onnx` of a model folder. */
  readonly modelPath: string;
  readonly config: DecoderConfig;
  /** The graph for blocks of prompts, if the model has one. Default: prompts are computed like everything else. */
  readonly prefill?: PrefillOptions;
  readonly numSlots: number;
  /** Threads per operator, the calling one included. */
  readonly threads: number;
  /** In order of preference. Default `['cpu']`. */
  readonly executionProviders?: readonly string[];
  /** Default: `device` if the execution provider's memory can hold it, else `host`, which such a provider copies at each run. */
  readonly kvMemory?: KvPlace;
  /** Default 256. */
  readonly maxChunkTokens?: number;
  /** Default `step`. */
  readonly spin?: Spinning;
  /** Default: the library of the onnxruntime-node package. */
  readonly libraryPath?: string;
};

/** What a runner is made of; `resources` owns all of it. */
type Parts = {
  readonly session: Session;
  readonly runOptions: RunOptions;
  readonly kv: KvStore;
  readonly logits: DecoderLogits;
  readonly inputs: DecoderInputs;
  readonly prefill: PrefillGraph | undefined;
  readonly resources: ResourceStack;
};

/**
 * Loads a decoder. Throws `GatewayError` (`backend_failed`) when the library or the graph is missing or broken, or when the
 * graph does not fit the configuration.
 */
export function createDecoderRunner(options: DecoderRunnerOptions): DecoderRunner {
  const { config, numSlots } = options;
  checkSizes(options);
  using resources = new ResourceStack();
  const library = loadOrtLibrary(options.libraryPath);
  const environment = resources.use(new Environment(library));
  const settings = sessionConfig(options);
  const session = resources.use(new Session(environment, options.modelPath, settings));
  const layout = readDecoderLayout(session, config);
  const maxChunkTokens = chunkTokens(options, layout);
  const memoryInfo = resources.use(createCpuMemoryInfo(library));
  const place = options.kvMemory !== undefined && { place: options.kvMemory };
  const kvMemory = {
    environment,
    session,
    sessionConfig: settings,
    config,
    kvType: layout.kvType,
    hostMemoryInfo: memoryInfo,
  };
  const memory = createKvMemory({ ...kvMemory, ...place }, resources);
  const kvOptions = { session, memory, config, layout, numSlots };
  const kv = resources.use((config.sharesKvBuffer ?? true) ? new SharedKv(kvOptions) : new GrowingKv(kvOptions));
  const sizes = {
    config,
    layout,
    numSlots,
    maxChunkTokens: Math.max(maxChunkTokens, options.prefill?.blockTokens ?? 0),
  };
  const inputs = resources.use(new DecoderInputs(library, memoryInfo, sizes));
  const logits = resources.use(new DecoderLogits(library, memoryInfo, sizes));
  const runOptions = resources.use(new RunOptions(library));
  const prefillParts = { environment, sessionConfig: settings, config, layout, kv, inputs, runOptions };
  const prefill = options.prefill && resources.use(new PrefillGraph(options.prefill, prefillParts));
  const parts = { session, runOptions, kv, logits, inputs, prefill, resources: resources.move() };
  return new DecoderRunner(parts, config, maxChunkTokens);
}

function checkSizes({
  config,
  numSlots,
  prefill,
  maxChunkTokens = DEFAULT_MAX_CHUNK_TOKENS,
}: DecoderRunnerOptions): void {
  const { numLayers, numKvHeads, headDim, vocabSize, maxLength } = config;
  const blockTokens = prefill?.blockTokens ?? 1;
  const sizes = { numSlots, numLayers, numKvHeads, headDim, vocabSize, maxLength, maxChunkTokens, blockTokens };
  for (const [name, size] of Object.entries(sizes)) {
    invariant(Number.isSafeInteger(size) && size > 0, `${name} must be a positive integer, not ${size}`);
  }
}

/** Graphs with a row of logits for every token get chunks whose logits are of a bearable size. */
function chunkTokens(options: DecoderRunnerOptions, { logitsOf }: DecoderLayout): number {
  const { maxChunkTokens = DEFAULT_MAX_CHUNK_TOKENS, config } = options;
  if (logitsOf === 'last') return maxChunkTokens;
  return Math.max(1, Math.min(maxChunkTokens, Math.floor(MAX_LOGITS_OF_CHUNK / config.vocabSize)));
}

function sessionConfig(options: DecoderRunnerOptions): SessionConfig {
  return {
    intraOpThreads: options.threads,
    executionProviders: options.executionProviders ?? ['cpu'],
    entries: SPINNING_ENTRIES[options.spin ?? 'step'],
  };
}

export class DecoderRunner implements ModelRunner {
  readonly vocabSize: number;
  readonly numSlots: number;
  readonly maxLength: number;
  readonly kvBytesPerToken: number;
  readonly #parts: Parts;
  readonly #maxChunkTokens: number;
  readonly #checker: PlanChecker;
  /** Per slot, the index of its single-token entry in the plan, or -1. */
  readonly #decodes: Int32Array;
  /** Pairs of first slot and count. */
  readonly #ranges: Int32Array;
  #isDisposed = false;

  constructor(parts: Parts, config: DecoderConfig, maxChunkTokens: number) {
    const { kv } = parts;
    this.vocabSize = config.vocabSize;
    this.numSlots = kv.numSlots;
    this.maxLength = kv.maxLength;
    this.kvBytesPerToken = kv.bytesPerToken;
    this.#parts = parts;
    this.#maxChunkTokens = maxChunkTokens;
    this.#checker = new PlanChecker(kv, config.vocabSize);
    this.#decodes = new Int32Array(this.numSlots);
    this.#ranges = new Int32Array(this.numSlots + 1);
  }

  run(plan: StepPlan): StepOutput {
    this.#checkAlive();
    this.#checker.check(plan);
    if (this.#parts.kv.batches) this.#runDecodes(plan.entries);
    for (const entry of plan.entries) {
      if (entry.tokens.length > 1 || !this.#parts.kv.batches) this.#runChunks(entry);
    }
    const { rows } = this.#parts.logits;
    return { logits: plan.entries.map(({ slot, wantsLogits }) => (wantsLogits ? rows[slot] : undefined)) };
  }

  /** The block is where the KV is, and must be disposed of before the runner where that is a device. */
  saveKv(slot: number, start: number, numTokens: number): KvBlock {
    this.#checkAlive();
    return this.#parts.kv.save(slot, start, numTokens);
  }

  prepareSave(numTokens: number): boolean {
    this.#checkAlive();
    return this.#parts.kv.prepareSave(numTokens);
  }

  /** Throws `InvariantError` for a block of another model, and for one that would leave a gap before `start`. */
  restoreKv(slot: number, start: number, block: KvBlock): void {
    this.#checkAlive();
    this.#parts.kv.restore(slot, start, block);
  }

  copyKv(from: number, to: number, numTokens: number): void {
    this.#checkAlive();
    this.#parts.kv.copy(from, to, numTokens);
  }

  #runDecodes(entries: readonly StepEntry[]): void {
    this.#decodes.fill(-1);
    for (let i = 0; i < entries.length; i++) {
      const { slot, tokens } = entries[i] as StepEntry;
      if (tokens.length === 1) this.#decodes[slot] = i;
    }
    const numRanges = writeSlotRanges(this.#decodes, this.#ranges);
    for (let i = 0; i < numRanges; i++) {
      this.#runDecodeRange(entries, this.#ranges[2 * i] as number, this.#ranges[2 * i + 1] as number);
    }
  }

  #runDecodeRange(entries: readonly StepEntry[], first: number, count: number): void {
    const { inputs, kv } = this.#parts;
    let longest = 0;
    for (let row = 0; row < count; row++) {
      longest = Math.max(longest, this.#decodeOf(first + row, entries).start + 1);
    }
    inputs.begin({ batch: count, sequence: 1, length: longest });
    for (let row = 0; row < count; row++) {
      const { start, tokens } = this.#decodeOf(first + row, entries);
      inputs.setToken(row, tokens[0] as number, start);
      inputs.setRowLength(row, start + 1);
    }
    this.#runBound({ range: { first, count }, start: longest - 1, sequence: 1 });
    for (let row = 0; row < count; row++) {
      kv.commit(first + row, this.#decodeOf(first + row, entries).start + 1);
    }
  }

  /** The single-token entry of a slot that has one. */
  #decodeOf(slot: number, entries: readonly StepEntry[]): StepEntry {
    return entries[this.#decodes[slot] as number] as StepEntry;
  }

  /** Whole blocks of the prompt by the graph for them, the rest by the decoder's. */
  #runChunks({ slot, start, tokens, prefillTokens = 0 }: StepEntry): void {
    const { inputs, kv, prefill } = this.#parts;
    const range = { first: slot, count: 1 };
    let done = 0;
    while (prefill?.takes(start + done, prefillTokens - done)) {
      prefill.run(slot, start + done, tokens.subarray(done, done + prefill.blockTokens));
      done += prefill.blockTokens;
    }
    for (let from = done; from < tokens.length; from += this.#maxChunkTokens) {
      const to = Math.min(from + this.#maxChunkTokens, tokens.length);
      inputs.begin({ batch: 1, sequence: to - from, length: start + to });
      for (let i = from; i < to; i++) inputs.setToken(i - from, tokens[i] as number, start + i);
      inputs.setRowLength(0, start + to);
      this.#runBound({ range, start: start + from, sequence: to - from });
      kv.commit(slot, start + to);
    }
  }

  /** Runs the graph over the inputs that were written, for a range of slots, and gets their rows of logits. */
  #runBound(run: KvRun): void {
    const { session, runOptions, kv, inputs, logits } = this.#parts;
    const binding = kv.bind(run);
    inputs.bind(binding);
    logits.bind(binding, run);
    session.run(binding, runOptions);
    logits.collect(run);
  }

  #checkAlive(): void {
    invariant(!this.#isDisposed, 'a runner is used after its end');
  }

  [Symbol.dispose](): void {
    invariant(!this.#isDisposed, 'a runner is disposed of twice');
    this.#isDisposed = true;
    this.#parts.resources[Symbol.dispose]();
  }
}
