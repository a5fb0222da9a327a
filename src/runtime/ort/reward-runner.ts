/** Computes rewards with ONNX Runtime. Owns the session and the buffers of a batch, which grow to the largest seen. */
import { invariant } from '../errors.ts';
import type { RewardRunner } from '../reward/reward-runner.ts';
import { ATTENTION_MASK, INPUT_IDS } from './decoder-signature.ts';
import { Environment } from './environment.ts';
import type { NativeHandle } from './handles.ts';
import { loadOrtLibrary } from './library.ts';
import { ResourceStack } from './resource-stack.ts';
import { checkRewardSignature, REWARD, type RewardConfig } from './reward-signature.ts';
import { RunOptions } from './run-options.ts';
import { Session } from './session.ts';
import { SPINNING_ENTRIES } from './session-options.ts';
import { createCpuMemoryInfo, Tensor } from './tensor.ts';

export type RewardRunnerOptions = {
  /** The graph, `model.onnx` of a model folder. */
  readonly modelPath: string;
  readonly config: RewardConfig;
  /** Threads per operator, the calling one included. */
  readonly threads: number;
  /** Default: the library of the onnxruntime-node package. */
  readonly libraryPath?: string;
};

type Parts = {
  readonly session: Session;
  readonly memoryInfo: NativeHandle;
  readonly runOptions: RunOptions;
  readonly resources: ResourceStack;
};

/**
 * Loads a reward model on the CPU. Throws `GatewayError` (`backend_failed`) when the library or the graph is missing or broken, or
 * when the graph is none of a reward model.
 */
export function createRewardRunner({ modelPath, config, threads, libraryPath }: RewardRunnerOptions): RewardRunner {
  using resources = new ResourceStack();
  const library = loadOrtLibrary(libraryPath);
  const environment = resources.use(new Environment(library));
  const session = resources.use(
    // Threads that spin would take the cores from the engine, which computes at the same time.
    new Session(environment, modelPath, { intraOpThreads: threads, entries: SPINNING_ENTRIES.never }),
  );
  checkRewardSignature(session);
  const memoryInfo = resources.use(createCpuMemoryInfo(library));
  const runOptions = resources.use(new RunOptions(library));
  return new OrtRewardRunner({ session, memoryInfo, runOptions, resources: resources.move() }, config);
}

class OrtRewardRunner implements RewardRunner {
  readonly vocabSize: number;
  readonly maxLength: number;
  readonly #parts: Parts;
  /** [rows, longest] of the batch under way, at their beginning. */
  #ids = new BigInt64Array(0);
  #mask = new BigInt64Array(0);
  #isDisposed = false;

  constructor(parts: Parts, { vocabSize, maxLength }: RewardConfig) {
    this.#parts = parts;
    this.vocabSize = vocabSize;
    this.maxLength = maxLength;
  }

  run(batch: readonly Int32Array[]): Float32Array {
    invariant(!this.#isDisposed, 'a reward runner is used after its end');
    this.#check(batch);
    const longest = Math.max(...batch.map(({ length }) => length));
    this.#write(batch, longest);
    const size = batch.length * longest;
    const rewards = new Float32Array(batch.length);
    const { session, memoryInfo, runOptions } = this.#parts;
    using resources = new ResourceStack();
    const tensor = (data: BigInt64Array | Float32Array, shape: readonly number[]) =>
      resources.use(new Tensor(session.library, memoryInfo, { data, shape }));
    const ids = tensor(this.#ids.subarray(0, size), [batch.length, longest]);
    const mask = tensor(this.#mask.subarray(0, size), [batch.length, longest]);
    const output = tensor(rewards, [batch.length]);
    // Released first: it points at the tensors.
    const binding = resources.use(session.createBinding());
    binding.bindInput(INPUT_IDS, ids);
    binding.bindInput(ATTENTION_MASK, mask);
    binding.bindOutput(REWARD, output);
    session.run(binding, runOptions);
    return rewards;
  }

  /** Everything that native code would take on trust: a token past the vocabulary would read memory that is not its own. */
  #check(batch: readonly Int32Array[]): void {
    invariant(batch.length > 0, 'a batch without rows');
    for (const row of batch) {
      invariant(
        row.length > 0 && row.length <= this.maxLength,
        `a row of ${row.length} tokens, not 1..${this.maxLength}`,
      );
      for (const token of row) {
        if (token < 0 || token >= this.vocabSize) invariant(false, `token ${token} is not in the vocabulary`);
      }
    }
  }

  /** Tokens and ones from the left, zeros on the right. */
  #write(batch: readonly Int32Array[], longest: number): void {
    const size = batch.length * longest;
    if (this.#ids.length < size) {
      this.#ids = new BigInt64Array(size);
      this.#mask = new BigInt64Array(size);
    }
    this.#ids.fill(0n, 0, size);
    this.#mask.fill(0n, 0, size);
    for (const [i, row] of batch.entries()) {
      const start = i * longest;
      for (const [k, token] of row.entries()) this.#ids[start + k] = BigInt(token);
      this.#mask.fill(1n, start, start + row.length);
    }
  }

  [Symbol.dispose](): void {
    invariant(!this.#isDisposed, 'a reward runner is disposed of twice');
    this.#isDisposed = true;
    this.#parts.resources[Symbol.dispose]();
  }
}
