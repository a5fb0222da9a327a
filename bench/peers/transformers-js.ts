/**
 * The process of transformers.js (@huggingface/transformers): the same ONNX file, greedy, without a grammar. It has no
 * cache across prompts and no batching of requests, so clients wait for one another.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PeerAnswer, PeerEngine, PeerStep } from './messages.ts';
import { servePeer } from './serve.ts';

/** The library, as far as it is used here; its types are installed with it, so not known at compile time. */
type Tensor = { readonly dims: readonly number[]; tolist(): bigint[][] };
type Model = { generate(options: object): Promise<Tensor>; dispose(): Promise<unknown> };
type Transformers = {
  readonly env: Record<string, unknown>;
  readonly AutoModelForCausalLM: { from_pretrained(name: string, options: object): Promise<Model> };
  readonly Tensor: new (type: string, data: BigInt64Array, dims: readonly number[]) => Tensor;
};

class TransformersJs implements PeerEngine {
  readonly #packages: string;
  readonly #threads: number;
  #library: Transformers | undefined;
  #loaded: { readonly path: string; readonly model: Model; readonly endToken: number } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(packages: string, threads: number) {
    this.#packages = packages;
    this.#threads = threads;
  }

  /** `modelPath` is a folder with config.json and onnx/model.onnx. */
  async load(modelPath: string): Promise<Readonly<Record<string, unknown>>> {
    const folder = join(this.#packages, 'node_modules', '@huggingface', 'transformers');
    const entry = resolve(folder, 'dist', 'transformers.node.mjs');
    this.#library ??= (await import(pathToFileURL(entry).href)) as Transformers;
    const { env, AutoModelForCausalLM } = this.#library;
    env['allowRemoteModels'] = false;
    env['localModelPath'] = `${dirname(resolve(modelPath))}/`;
    if (this.#loaded?.path !== modelPath) {
      await this.#loaded?.model.dispose();
      const model = await AutoModelForCausalLM.from_pretrained(basename(modelPath), {
        dtype: 'fp32',
        device: 'cpu',
        session_options: { intraOpNumThreads: this.#threads },
      });
      const { eos_token_id: endToken } = JSON.parse(readFileSync(join(modelPath, 'config.json'), 'utf8')) as {
        eos_token_id: number;
      };
      this.#loaded = { path: modelPath, model, endToken };
    }
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { version, threads: this.#threads };
  }

  answer(step: PeerStep): Promise<PeerAnswer> {
    const startMs = performance.now();
    const mine = this.#last.then(() => this.#generate(step, startMs));
    this.#last = mine.catch(() => {});
    return mine;
  }

  async #generate(step: PeerStep, startMs: number): Promise<PeerAnswer> {
    if (this.#library === undefined || this.#loaded === undefined) throw new Error('no model is loaded');
    const { Tensor } = this.#library;
    const length = step.promptTokens.length;
    const turnMs = performance.now();
    let firstMs = 0;
    const output = await this.#loaded.model.generate({
      input_ids: new Tensor('int64', BigInt64Array.from(step.promptTokens, BigInt), [1, length]),
      attention_mask: new Tensor('int64', new BigInt64Array(length).fill(1n), [1, length]),
      max_new_tokens: step.maxTokens,
      ...(step.ignoreEnd && { min_new_tokens: step.maxTokens }),
      do_sample: false,
      streamer: {
        // Called with the prompt first, then with each token.
        put: () => {
          firstMs = firstMs === 0 ? -1 : firstMs < 0 ? performance.now() : firstMs;
        },
        end: () => {},
      },
    });
    const endMs = performance.now();
    const row = output.tolist()[0] ?? [];
    const tokens = row.slice(length).map(Number);
    const isEnded = tokens.at(-1) === this.#loaded.endToken && !step.ignoreEnd;
    return {
      tokens: isEnded ? tokens.slice(0, -1) : tokens,
      text: '',
      isComplete: isEnded || step.ignoreEnd,
      latencyMs: endMs - startMs,
      prepareMs: turnMs - startMs,
      prefillMs: firstMs - turnMs,
      decodeMs: endMs - firstMs,
      cachedTokens: 0,
    };
  }
}

const [packages = '', threads = ''] = process.argv.slice(2);
servePeer(new TransformersJs(packages, Number(threads)));
