/** How a model's thread is kept alive: what is checked before it is started again, and what the observer is told. */
import type { RuntimeObserver } from '../observer.ts';
import { type Supervised, Supervisor } from '../worker/supervisor.ts';
import { verifyFiles } from './manifest.ts';
import type { ModelSpec } from './model-spec.ts';

export type SuperviseOptions<C> = {
  readonly spec: ModelSpec;
  readonly observer: RuntimeObserver | undefined;
  readonly start: (signal: AbortSignal) => Promise<C>;
};

/** The folder was verified just now; before each further start it is verified again, because it may have been changed since. */
export function supervise<C extends Supervised>(
  { spec, observer, start }: SuperviseOptions<C>,
  signal: AbortSignal,
): Promise<Supervisor<C>> {
  const { name: model, version } = spec.description;
  let isVerified = true;
  return Supervisor.start(
    {
      start: async (signal) => {
        if (!isVerified) await verifyFiles(spec.path, spec.files);
        isVerified = false;
        return start(signal);
      },
      onFailure: (reason) => {
        observer?.onRestart?.({ model, version, reason });
        observer?.onModelState?.({ model, version, state: 'restarting', reason });
      },
      onRestart: () => observer?.onModelState?.({ model, version, state: 'ready', reason: '' }),
    },
    signal,
  );
}
