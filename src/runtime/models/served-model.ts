/** One loaded model version: its folder's files, its dialect, and the engine thread that runs it. */
import { join } from 'node:path';
import { monotonicMs } from '../clock.ts';
import { CompactDialect } from '../dialects/compact-dialect.ts';
import type { Dialect, PreparedState } from '../dialects/dialect.ts';
import type { GenerateResult } from '../engine/generate.ts';
import { GatewayError } from '../errors.ts';
import type { RuntimeObserver } from '../observer.ts';
import type { ModelInfo, Prediction, PredictOptions } from '../runtime.ts';
import { SegmentTokenizer } from '../tokenizer/tokenizer.ts';
import type { Action, Confidence, State } from '../types.ts';
import { EngineClient, type EngineClientOptions } from '../worker/client.ts';
import { type Manifest, readJson, readManifest } from './manifest.ts';
import type { ModelFolder } from './repository.ts';

/** What an engine is built with, the same for every model. */
export type EngineSettings = {
  readonly slots: number;
  readonly threads: number;
  readonly executionProviders: readonly string[];
  readonly queueRequests: number;
  readonly queueTokens: number;
  readonly stepTokens: number;
  readonly chunkTokens: number;
  readonly observer?: RuntimeObserver;
};

const WARM_UP_PREDICTIONS = 3;

/** Small enough for any model's context. */
function warmUpState(): State {
  const control = { name: 'Document', type: 'Document' };
  return {
    userRequest: 'warm up',
    subtask: '',
    app: { processName: '', windowTitle: '' },
    controls: ['1', '2', '3', '4'].map((id) => ({ ...control, id })),
    previousPlan: [],
    previousActions: [],
    allowedFunctions: ['click_input', 'set_edit_text', 'wait'],
  };
}

export class ServedModel implements AsyncDisposable {
  readonly #manifest: Manifest;
  readonly #dialect: Dialect;
  readonly engine: EngineClient;

  private constructor(manifest: Manifest, dialect: Dialect, engine: EngineClient) {
    this.#manifest = manifest;
    this.#dialect = dialect;
    this.engine = engine;
  }

  /** Verifies the folder, starts an engine thread and warms it up. Throws `GatewayError` that says what is wrong. */
  static async load(folder: ModelFolder, settings: EngineSettings): Promise<ServedModel> {
    const manifest = await readManifest(folder.path);
    const tokenizer = new SegmentTokenizer(
      await readJson(join(folder.path, 'tokenizer.json')),
      await readJson(join(folder.path, 'tokenizer_config.json')),
    );
    if (tokenizer.vocabSize > manifest.vocab_size) {
      throw new GatewayError(
        'unavailable',
        `${folder.path}: the tokenizer has ${tokenizer.vocabSize} tokens, the model only ${manifest.vocab_size}`,
      );
    }
    const dialect = new CompactDialect(tokenizer);
    const engine = await EngineClient.start({
      model: folder.name,
      version: folder.version,
      runner: runnerOf(folder, manifest, settings),
      tokenBytes: tokenizer.tokenBytes,
      scheduler: {
        maxWaitingRequests: settings.queueRequests,
        maxWaitingTokens: settings.queueTokens,
        maxStepTokens: settings.stepTokens,
        maxChunkTokens: settings.chunkTokens,
      },
      ...(settings.observer === undefined ? {} : { observer: settings.observer }),
    });
    const model = new ServedModel(manifest, dialect, engine);
    try {
      await model.#warmUp();
    } catch (error) {
      await engine.close('abort');
      throw error;
    }
    return model;
  }

  /** Whole predictions on a made-up state, so that no user's request is the one that compiles the code on its path. */
  async #warmUp(): Promise<void> {
    for (let i = 0; i < WARM_UP_PREDICTIONS; i++) {
      await this.predictAction(warmUpState(), {
        model: '',
        temperature: 0,
        seed: 0,
        maxTextBytes: 8,
        signal: new AbortController().signal,
      });
    }
  }

  get info(): ModelInfo {
    const { name, version, role, dialect, quantization } = this.#manifest;
    const reason = this.engine.unreadyReason();
    return {
      name,
      version,
      role,
      dialect,
      contextLength: this.#manifest.context_length,
      parameters: this.#manifest.parameters ?? 0,
      quantization: `${quantization.method} ${quantization.bits} bit, blocks of ${quantization.block_size}`,
      state: reason === undefined ? 'ready' : 'failed',
      reason: reason ?? '',
    };
  }

  /** See `Runtime.predictAction`. */
  async predictAction(state: State, options: PredictOptions): Promise<Prediction> {
    const startMs = monotonicMs();
    const prepared = this.#dialect.prepare(state, { maxTextBytes: options.maxTextBytes });
    this.#checkLength(prepared);
    const renderMs = monotonicMs() - startMs;
    const result = await this.engine.generate(
      {
        promptTokens: prepared.promptTokens,
        grammar: prepared.grammar,
        sampling: { temperature: options.temperature, seed: options.seed },
        ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
      },
      options.signal,
    );
    const action = prepared.parse(result.tokens);
    return {
      model: this.#manifest.name,
      version: this.#manifest.version,
      action,
      confidence: confidenceOf(result),
      grounded: isGrounded(state, action),
      usage: {
        promptTokens: prepared.promptTokens.length,
        cachedTokens: result.cachedTokens,
        generatedTokens: result.generatedTokens,
        forcedTokens: result.forcedTokens,
      },
      timing: {
        queueMs: result.queueMs,
        renderMs,
        prefillMs: result.prefillMs,
        decodeMs: result.decodeMs,
        totalMs: monotonicMs() - startMs,
      },
    };
  }

  /** An answer is never cut off: the prompt and the longest answer that its grammar permits fit, or nothing is done. */
  #checkLength(prepared: PreparedState): void {
    const { promptTokens, controlTokens, grammar } = prepared;
    const limit = this.#manifest.context_length;
    const needed = promptTokens.length + grammar.maxTokens;
    if (needed <= limit) return;
    const field = controlTokens * 2 > promptTokens.length ? 'controls' : 'user_request';
    const parts = `${promptTokens.length} tokens (${controlTokens} of them controls) and up to ${grammar.maxTokens} for the answer`;
    throw new GatewayError('context_length', `${field}: the state takes ${parts}; the model's context is ${limit}`, {
      field,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.close();
  }
}

function runnerOf(folder: ModelFolder, manifest: Manifest, settings: EngineSettings): EngineClientOptions['runner'] {
  return {
    type: 'decoder',
    options: {
      modelPath: join(folder.path, 'model.onnx'),
      config: {
        numLayers: manifest.num_layers,
        numKvHeads: manifest.num_kv_heads,
        headDim: manifest.head_dim,
        vocabSize: manifest.vocab_size,
        maxLength: manifest.context_length,
      },
      numSlots: settings.slots,
      threads: settings.threads,
      executionProviders: settings.executionProviders,
      maxChunkTokens: settings.chunkTokens,
    },
  };
}

/** True if the control's id and name are those of one listed control, or the action needs no control. */
function isGrounded(state: State, action: Action): boolean {
  if (action.controlId === '') return action.controlName === '';
  return state.controls.some((control) => control.id === action.controlId && control.name === action.controlName);
}

function confidenceOf({ logProbs }: GenerateResult): Confidence {
  return {
    control: Math.exp(logProbs.control),
    function: Math.exp(logProbs.function),
    args: Math.exp(logProbs.args),
    status: Math.exp(logProbs.status),
  };
}
