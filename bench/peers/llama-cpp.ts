/**
 * The process of llama.cpp, through node-llama-cpp. Each client keeps a sequence of one context: the prompt cache is the
 * sequence's own state, of which only what differs from the next prompt is computed; all sequences are batched together.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { answerSchema, type JsonSchema } from './json-schema.ts';
import type { PeerAnswer, PeerEngine, PeerStep } from './messages.ts';
import { servePeer } from './serve.ts';

/** node-llama-cpp, as far as it is used here; its types are installed with it, so not known at compile time. */
type Grammar = object;
type Sequence = {
  readonly nextTokenIndex: number;
  adaptStateToTokens(tokens: readonly number[], allowShift: boolean): Promise<void>;
  eraseContextTokenRanges(ranges: readonly { start: number; end: number }[]): Promise<void>;
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number, void, void>;
};
type Context = { getSequence(): Sequence; dispose(): Promise<void>; readonly batchSize: number };
type Model = {
  createContext(options: object): Promise<Context>;
  detokenize(tokens: readonly number[]): string;
  isEogToken(token: number): boolean;
  dispose(): Promise<void>;
};
type Llama = {
  readonly systemInfo: string;
  loadModel(options: object): Promise<Model>;
  createGrammarForJsonSchema(schema: JsonSchema): Promise<Grammar>;
};
type NodeLlamaCpp = {
  getLlama(options: object): Promise<Llama>;
  readonly LlamaGrammarEvaluationState: new (options: { readonly model: Model; readonly grammar: Grammar }) => object;
};

/** Prompt and JSON answer; the models' own context is 1,024. */
const CONTEXT_TOKENS = 1280;
/** Tokens of one llama_decode over all sequences: llama.cpp's own default. */
const BATCH_TOKENS = 2048;

class LlamaCpp implements PeerEngine {
  readonly #packages: string;
  readonly #threads: number;
  #library: NodeLlamaCpp | undefined;
  #llama: Llama | undefined;
  #loaded: { readonly path: string; readonly model: Model; context: Context | undefined } | undefined;
  #sequences: Sequence[] = [];

  constructor(packages: string, threads: number) {
    this.#packages = packages;
    this.#threads = threads;
  }

  async load(modelPath: string, numClients: number): Promise<Readonly<Record<string, unknown>>> {
    const folder = join(this.#packages, 'node_modules', 'node-llama-cpp');
    this.#library ??= (await import(pathToFileURL(resolve(folder, 'dist', 'index.js')).href)) as NodeLlamaCpp;
    // Its own default is four threads at least, which two cores would pay for.
    this.#llama ??= await this.#library.getLlama({
      gpu: false,
      build: 'never',
      maxThreads: this.#threads,
      logLevel: 'error',
    });
    await this.#loaded?.context?.dispose();
    if (this.#loaded?.path !== modelPath) {
      await this.#loaded?.model.dispose();
      this.#loaded = { path: modelPath, model: await this.#llama.loadModel({ modelPath }), context: undefined };
    }
    const context = await this.#loaded.model.createContext({
      contextSize: CONTEXT_TOKENS,
      batchSize: BATCH_TOKENS,
      sequences: numClients,
      threads: this.#threads,
    });
    this.#loaded.context = context;
    this.#sequences = Array.from({ length: numClients }, () => context.getSequence());
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return { version, threads: this.#threads, batchTokens: context.batchSize, systemInfo: this.#llama.systemInfo };
  }

  async answer(step: PeerStep, client: number): Promise<PeerAnswer> {
    const sequence = this.#sequences[client];
    if (sequence === undefined || this.#loaded === undefined) throw new Error(`client ${client} has no sequence`);
    const { model } = this.#loaded;
    const startMs = performance.now();
    const [grammarEvaluationState] = await Promise.all([this.#grammarState(step), rewind(sequence, step.promptTokens)]);
    const preparedMs = performance.now();
    const cachedTokens = sequence.nextTokenIndex;
    let firstMs = preparedMs;
    const tokens: number[] = [];
    const text = new RunningText(model);
    let isComplete = step.ignoreEnd;
    const options = { temperature: 0, yieldEogToken: true, ...(grammarEvaluationState && { grammarEvaluationState }) };
    for await (const token of sequence.evaluate(step.promptTokens.slice(cachedTokens), options)) {
      if (tokens.length === 0) firstMs = performance.now();
      if (!step.ignoreEnd && model.isEogToken(token)) {
        isComplete = true;
        break;
      }
      tokens.push(token);
      if (step.choices !== undefined && isJson(text.add(token))) isComplete = true;
      if (isComplete !== step.ignoreEnd || tokens.length === step.maxTokens) break;
    }
    const endMs = performance.now();
    return {
      tokens,
      text: model.detokenize(tokens),
      isComplete,
      latencyMs: endMs - startMs,
      prepareMs: preparedMs - startMs,
      prefillMs: firstMs - preparedMs,
      decodeMs: endMs - firstMs,
      cachedTokens,
    };
  }

  async #grammarState({ choices }: PeerStep): Promise<object | undefined> {
    if (choices === undefined || this.#library === undefined || this.#llama === undefined) return undefined;
    const grammar = await this.#llama.createGrammarForJsonSchema(answerSchema(choices));
    const { model } = this.#loaded ?? {};
    return model && new this.#library.LlamaGrammarEvaluationState({ model, grammar });
  }
}

/** The text of tokens as they come; all of JSON's own characters are whole tokens' texts. */
class RunningText {
  readonly #model: Model;
  #text = '';

  constructor(model: Model) {
    this.#model = model;
  }

  add(token: number): string {
    this.#text += this.#model.detokenize([token]);
    return this.#text;
  }
}

/** Whether an object is complete: the grammar would go on with empty lines, which nobody waits for. */
function isJson(text: string): boolean {
  if (!text.endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Drops from the sequence what is not a prefix of `prompt`. The last prompt token is always computed: it gives the logits. */
async function rewind(sequence: Sequence, prompt: readonly number[]): Promise<void> {
  // Without shifting: moved keys would be those of another context, and the answer not that of this prompt.
  await sequence.adaptStateToTokens(prompt, false);
  const kept = sequence.nextTokenIndex;
  if (kept >= prompt.length) await sequence.eraseContextTokenRanges([{ start: prompt.length - 1, end: kept }]);
}

const [packages = '', threads = ''] = process.argv.slice(2);
servePeer(new LlamaCpp(packages, Number(threads)));
