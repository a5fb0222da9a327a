/**
 * Owns the graph that computes blocks of prompts, where a model has one beside its decoder: with weights and activations as
 * 8-bit integers it is several times as fast, and it gives KV only. It rounds activations by the largest in a run, so what it
 * computes depends on which tokens share the run. Therefore it gets whole blocks of fixed size at multiples of that size, of
 * one sequence at a time: such a block's KV depends on the prompt alone, not on what else runs or what was found in a cache.
 */
import type { DecoderConfig } from '../decoder-config.ts';
import { GatewayError } from '../errors.ts';
import type { DecoderInputs } from './decoder-inputs.ts';
import { checkPrefillSignature, type DecoderLayout } from './decoder-signature.ts';
import type { Environment } from './environment.ts';
import type { KvStore } from './kv-store.ts';
import type { RangeBindings } from './range-bindings.ts';
import { ResourceStack } from './resource-stack.ts';
import type { RunOptions } from './run-options.ts';
import { Session } from './session.ts';
import type { SessionConfig } from './session-options.ts';
import { SharedKv } from './shared-kv.ts';

/** Of a model folder. */
export type PrefillOptions = {
  readonly graphPath: string;
  /** Tokens per block. */
  readonly blockTokens: number;
};

export type PrefillParts = {
  readonly environment: Environment;
  readonly sessionConfig: SessionConfig;
  readonly config: DecoderConfig;
  readonly layout: DecoderLayout;
  readonly kv: KvStore;
  readonly inputs: DecoderInputs;
  readonly runOptions: RunOptions;
};

export class PrefillGraph implements Disposable {
  readonly blockTokens: number;
  readonly #parts: PrefillParts;
  readonly #session: Session;
  readonly #bindings: RangeBindings;
  readonly #resources: ResourceStack;

  /** Throws `GatewayError` (`backend_failed`) if the graph cannot be loaded or does not fit the decoder's. */
  constructor({ graphPath, blockTokens }: PrefillOptions, parts: PrefillParts) {
    const { environment, sessionConfig, config, layout, kv } = parts;
    if (!(kv instanceof SharedKv)) {
      throw new GatewayError('backend_failed', 'a prefill graph needs KV in buffers that graphs append to in place');
    }
    using resources = new ResourceStack();
    this.#session = resources.use(new Session(environment, graphPath, sessionConfig));
    checkPrefillSignature(this.#session, config, layout);
    this.#bindings = resources.use(kv.bindingsFor(this.#session));
    this.#parts = parts;
    this.blockTokens = blockTokens;
    this.#resources = resources.move();
  }

  /** True if a block begins at `position` and at least `numTokens` prompt tokens are there. */
  takes(position: number, numTokens: number): boolean {
    return position % this.blockTokens === 0 && numTokens >= this.blockTokens;
  }

  /** Computes KV of one block of a slot. `tokens` [blockTokens] go to the positions from `start` on. */
  run(slot: number, start: number, tokens: Int32Array): void {
    const { inputs, kv, runOptions } = this.#parts;
    const end = start + tokens.length;
    inputs.begin({ batch: 1, sequence: tokens.length, length: end });
    for (let i = 0; i < tokens.length; i++) inputs.setToken(i, tokens[i] as number, start + i);
    inputs.setRowLength(0, end);
    const binding = this.#bindings.get({ first: slot, count: 1 });
    inputs.bind(binding);
    this.#session.run(binding, runOptions);
    kv.commit(slot, end);
  }

  [Symbol.dispose](): void {
    this.#resources[Symbol.dispose]();
  }
}
