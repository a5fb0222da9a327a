/** Gets the engine thread its runner. A backend is loaded only where it is used. */
import type { ModelRunner } from '../engine/model-runner.ts';
import { GatewayError } from '../errors.ts';
import type { EngineWorkerData } from './messages.ts';

/** What the module of a backend exports. */
export type RunnerModule = {
  /** `options` are those of the `RunnerSource`, after a structured clone. */
  createRunner(options: unknown): ModelRunner | Promise<ModelRunner>;
  /** Native objects that are not released yet. Default: the backend has none. */
  liveHandles?(): number;
};

export type LoadedRunner = { readonly runner: ModelRunner; readonly liveHandles: () => number };

/** Throws what creating the runner throws, or `unavailable` if the module is not one. */
export async function loadRunner(data: Pick<EngineWorkerData, 'runner' | 'ledger'>): Promise<LoadedRunner> {
  const { runner: source, ledger } = data;
  if (source.type === 'decoder') {
    const [{ createDecoderRunner }, { liveHandles, recordHandles }, { LedgerWriter }] = await Promise.all([
      import('../ort/decoder-runner.ts'),
      import('../ort/handles.ts'),
      import('../ort/handle-ledger.ts'),
    ]);
    if (ledger !== undefined) recordHandles(new LedgerWriter(ledger));
    return { runner: createDecoderRunner(source.options), liveHandles };
  }
  const module: Partial<RunnerModule> = await import(source.url);
  if (module.createRunner === undefined) {
    throw new GatewayError('unavailable', `${source.url} exports no createRunner`);
  }
  return { runner: await module.createRunner(source.options), liveHandles: module.liveHandles ?? (() => 0) };
}
