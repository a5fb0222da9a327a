/** A runtime without models: answers at once and deterministically, fails or waits when a test wants it to. */
import assert from 'node:assert/strict';
import {
  functionCatalog,
  GatewayError,
  type ModelInfo,
  type Prediction,
  type PredictOptions,
  type Runtime,
  type RuntimeObserver,
  type RuntimeStats,
  type State,
} from '../../src/runtime/index.ts';

export type Handler = (state: State, options: PredictOptions) => Prediction | Promise<Prediction>;

/** One request that a test keeps waiting. */
export type Held = {
  readonly state: State;
  readonly options: PredictOptions;
  /** Resolves when the gateway has given the request up. */
  readonly aborted: Promise<void>;
  /** Lets it be answered. */
  release(): void;
};

export const FAKE_MODEL: ModelInfo = {
  name: 'fake',
  version: '1',
  role: 'action',
  dialect: 'compact',
  contextLength: 1024,
  parameters: 1_234_567,
  quantization: 'none',
  state: 'ready',
  reason: '',
};

export class FakeRuntime implements Runtime {
  /** How requests are answered; tests replace it. */
  handler: Handler = (state, options) => fakePrediction(state, options);
  /** Why the runtime is not ready, if it is not. */
  reason: string | undefined;
  /** Every state and its options, in order of arrival. */
  readonly calls: { readonly state: State; readonly options: PredictOptions }[] = [];
  observer: RuntimeObserver | undefined;
  #active = 0;
  #disposed = false;

  async predictAction(state: State, options: PredictOptions): Promise<Prediction> {
    assert.equal(this.#disposed, false, 'a disposed runtime was asked');
    this.calls.push({ state, options });
    this.#active++;
    try {
      return await this.handler(state, options);
    } finally {
      this.#active--;
    }
  }

  models(): readonly ModelInfo[] {
    return [FAKE_MODEL];
  }

  unreadyReason(): string | undefined {
    return this.reason;
  }

  async stats(): Promise<RuntimeStats> {
    return { activeRequests: this.#active, slotsInUse: this.#active, nativeHandles: 0 };
  }

  /** Makes the next request wait, then answers as before; resolves when it has arrived. */
  holdNext(): Promise<Held> {
    const before = this.handler;
    return new Promise((arrived) => {
      this.handler = (state, options) => {
        this.handler = before;
        return hold(state, options, arrived);
      };
    });
  }

  /** Makes the next request fail. */
  failNext(error: unknown): void {
    const before = this.handler;
    this.handler = () => {
      this.handler = before;
      throw error;
    };
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    assert.equal(this.#disposed, false, 'disposed twice');
    this.#disposed = true;
  }
}

/** Like an engine, it notices an abort and ends the request with `cancelled`. */
function hold(state: State, options: PredictOptions, arrived: (held: Held) => void): Promise<Prediction> {
  return new Promise((resolve, reject) => {
    const aborted = new Promise<void>((gone) => {
      options.signal.addEventListener('abort', () => {
        reject(new GatewayError('cancelled', 'aborted'));
        gone();
      });
    });
    arrived({ state, options, aborted, release: () => resolve(fakePrediction(state, options)) });
  });
}

/** Clicks the control that the length of the request points at; without controls the task is done. */
export function fakePrediction(state: State, { temperature, seed }: PredictOptions): Prediction {
  const control = state.controls[(state.userRequest.length + seed) % Math.max(1, state.controls.length)];
  const name = state.allowedFunctions.find((allowed) => functionCatalog.get(allowed)?.appliesTo === 'any');
  const acts = control !== undefined && name !== undefined;
  return {
    model: FAKE_MODEL.name,
    version: FAKE_MODEL.version,
    action: {
      thought: '',
      controlId: acts ? control.id : '',
      controlName: acts ? control.name : '',
      function: acts ? name : '',
      args: name === 'click_input' && acts ? { button: 'right', double: true } : {},
      status: acts ? 'CONTINUE' : 'FINISH',
      plan: [],
    },
    confidence: { control: 0.123456789, function: 1, args: 1 - temperature / 4, status: 0.5 },
    grounded: true,
    usage: { promptTokens: state.controls.length, cachedTokens: 0, generatedTokens: 3, forcedTokens: 4 },
    timing: { queueMs: 0.5, renderMs: 1.25, prefillMs: 2, decodeMs: 3.0004, totalMs: 6.75 },
  };
}
