/**
 * Computes steps of a decoder with ONNX Runtime: single tokens as batches over ranges of slots, longer entries as chunks of one
 * row. Owns session, KV and every buffer of a step; a decode step allocates next to nothing.
 *
 * A batch is a contiguous range of slots. Where slots in use are not next to each other, each range is a run of its own: a row
 * for the slot between them costs more than a run. Measured (4 layers, width 256, 8 bit, 1 thread, 100 tokens of context): a
 * decode step of n rows takes 63 + 85 n microseconds. So a step touches the slots of its plan and no others.
 */
import type { ModelRunner } from '../engine/model-runner.ts';
import { invariant } from '../errors.ts';
import type { StepEntry, StepOutput, StepPlan } from '../scheduler/step-plan.ts';
import { DecoderBindings } from './decoder-bindings.ts';
import { DecoderInputs } from './decoder-inputs.ts';
import { checkDecoderSignature, type DecoderConfig, POSITION_IDS } from './decoder-signature.ts';
import { Environment } from './environment.ts';
import { KvBuffers } from './kv-buffers.ts';
import { loadOrtLibrary } from './library.ts';
import { PlanChecker } from './plan-checker.ts';
import { ResourceStack } from './resource-stack.ts';
import { RunOptions } from './run-options.ts';
import { Session } from './session.ts';
import type { SessionConfig } from './session-options.ts';
import { writeSlotRanges } from './slot-ranges.ts';
import { createCpuMemoryInfo } from './tensor.ts';

/** A chunk beyond this is computed in parts: attention holds scores for chunk x max_length, and cost grows with that. */
const DEFAULT_MAX_CHUNK_TOKENS = 256;

/**
 * Threads that spin while they wait for the next operator are faster on an idle machine and several times slower on a busy one,
 * and a gateway shares its machine with its own main thread.
 */
const DEFAULT_SESSION_ENTRIES = { 'session.intra_op.allow_spinning': '0' };

export type DecoderRunnerOptions = {
  /** The graph, `model.onnx` of a model folder. */
  readonly modelPath: string;
  readonly config: DecoderConfig;
  readonly numSlots: number;
  /** Threads per operator, the calling one included. */
  readonly threads: number;
  /** In order of preference; KV stays in the CPU's memory, so others copy it at each step. Default `['cpu']`. */
  readonly executionProviders?: readonly string[];
  /** Default 256. */
  readonly maxChunkTokens?: number;
  /** ONNX Runtime's own session entries by name. Default: threads do not spin (`session.intra_op.allow_spinning`: `0`). */
  readonly sessionEntries?: Readonly<Record<string, string>>;
  /** Default: the library of the onnxruntime-node package. */
  readonly libraryPath?: string;
};

/** What a runner is made of; `resources` owns all of it. */
type Parts = {
  readonly session: Session;
  readonly runOptions: RunOptions;
  readonly kv: KvBuffers;
  readonly logits: Float32Array;
  readonly inputs: DecoderInputs;
  readonly bindings: DecoderBindings;
  readonly resources: ResourceStack;
};

/**
 * Loads a decoder. Throws `GatewayError` (`backend_failed`) when the library or the graph is missing or broken, or when the
 * graph does not fit the configuration.
 */
export function createDecoderRunner(options: DecoderRunnerOptions): DecoderRunner {
  const { config, numSlots, maxChunkTokens = DEFAULT_MAX_CHUNK_TOKENS } = options;
  invariant(Number.isSafeInteger(maxChunkTokens) && maxChunkTokens > 0, `a chunk cannot have ${maxChunkTokens} tokens`);
  using resources = new ResourceStack();
  const library = loadOrtLibrary(options.libraryPath);
  const environment = resources.use(new Environment(library));
  const session = resources.use(new Session(environment, options.modelPath, sessionConfig(options)));
  checkDecoderSignature(session, config);
  const kv = new KvBuffers(config, numSlots);
  const logits = new Float32Array(numSlots * config.vocabSize);
  const memoryInfo = resources.use(createCpuMemoryInfo(library));
  const hasPositions = session.inputs.some(({ name }) => name === POSITION_IDS);
  const sizes = { numSlots, maxChunkTokens, maxLength: config.maxLength, hasPositions };
  const inputs = resources.use(new DecoderInputs(library, memoryInfo, sizes));
  const bindings = resources.use(new DecoderBindings(session, memoryInfo, { kv, logits }));
  const runOptions = resources.use(new RunOptions(library));
  const parts = { session, runOptions, kv, logits, inputs, bindings, resources: resources.move() };
  return new DecoderRunner(parts, config, maxChunkTokens);
}

function sessionConfig(options: DecoderRunnerOptions): SessionConfig {
  return {
    intraOpThreads: options.threads,
    executionProviders: options.executionProviders ?? ['cpu'],
    entries: { ...DEFAULT_SESSION_ENTRIES, ...options.sessionEntries },
  };
}

export class DecoderRunner implements ModelRunner {
  readonly vocabSize: number;
  readonly numSlots: number;
  readonly maxLength: number;
  readonly #parts: Parts;
  readonly #maxChunkTokens: number;
  readonly #checker: PlanChecker;
  /** Per slot, a view of its logits [vocab]. */
  readonly #rows: readonly Float32Array[];
  /** Per slot, the index of its single-token entry in the plan, or -1. */
  readonly #decodes: Int32Array;
  /** Pairs of first slot and count. */
  readonly #ranges: Int32Array;
  #isDisposed = false;

  constructor(parts: Parts, config: DecoderConfig, maxChunkTokens: number) {
    const { kv, logits } = parts;
    this.vocabSize = config.vocabSize;
    this.numSlots = kv.numSlots;
    this.maxLength = kv.maxLength;
    this.#parts = parts;
    this.#maxChunkTokens = maxChunkTokens;
    this.#checker = new PlanChecker(kv, config.vocabSize);
    this.#rows = Array.from({ length: this.numSlots }, (_, slot) =>
      logits.subarray(slot * this.vocabSize, (slot + 1) * this.vocabSize),
    );
    this.#decodes = new Int32Array(this.numSlots);
    this.#ranges = new Int32Array(this.numSlots + 1);
  }

  run(plan: StepPlan): StepOutput {
    invariant(!this.#isDisposed, 'a runner is used after its end');
    this.#checker.check(plan);
    this.#runDecodes(plan.entries);
    for (const entry of plan.entries) if (entry.tokens.length > 1) this.#runChunks(entry);
    return { logits: plan.entries.map(({ slot, wantsLogits }) => (wantsLogits ? this.#rows[slot] : undefined)) };
  }

  /** Copies KV of a slot out, from position `start` on; `target` is [layers * 2, kv_heads, positions, head_dim]. */
  copyKvOut(slot: number, start: number, target: Float32Array): void {
    this.#parts.kv.copyOut(slot, start, target);
  }

  /** The reverse of {@link copyKvOut}: a run may then start behind these positions. */
  copyKvIn(slot: number, start: number, source: Float32Array): void {
    this.#parts.kv.copyIn(slot, start, source);
  }

  /** Floats of KV per position, over all layers. */
  get kvFloatsPerToken(): number {
    return this.#parts.kv.floatsPerToken;
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
    const { session, runOptions, kv, inputs, bindings } = this.#parts;
    let longest = 0;
    for (let row = 0; row < count; row++) {
      longest = Math.max(longest, this.#decodeOf(first + row, entries).start + 1);
    }
    const binding = bindings.get({ first, count });
    inputs.bind(binding, { batch: count, sequence: 1, length: longest });
    for (let row = 0; row < count; row++) {
      const { start, tokens } = this.#decodeOf(first + row, entries);
      inputs.setToken(row, tokens[0] as number, start);
      inputs.setRowLength(row, start + 1);
    }
    session.run(binding, runOptions);
    for (let row = 0; row < count; row++) {
      kv.setLength(first + row, this.#decodeOf(first + row, entries).start + 1);
    }
  }

  /** The single-token entry of a slot that has one. */
  #decodeOf(slot: number, entries: readonly StepEntry[]): StepEntry {
    return entries[this.#decodes[slot] as number] as StepEntry;
  }

  #runChunks({ slot, start, tokens }: StepEntry): void {
    const { session, runOptions, kv, inputs, bindings } = this.#parts;
    const binding = bindings.get({ first: slot, count: 1 });
    for (let from = 0; from < tokens.length; from += this.#maxChunkTokens) {
      const to = Math.min(from + this.#maxChunkTokens, tokens.length);
      inputs.bind(binding, { batch: 1, sequence: to - from, length: start + to });
      for (let i = from; i < to; i++) inputs.setToken(i - from, tokens[i] as number, start + i);
      inputs.setRowLength(0, start + to);
      session.run(binding, runOptions);
      kv.setLength(slot, start + to);
    }
  }

  [Symbol.dispose](): void {
    invariant(!this.#isDisposed, 'a runner is disposed of twice');
    this.#isDisposed = true;
    this.#parts.resources[Symbol.dispose]();
  }
}
