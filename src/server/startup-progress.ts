/** What a gateway waits for while it starts: which models are being loaded, and for how long. */
import { type ModelStateReport, monotonicMs } from '../runtime/index.ts';

export type ModelProgress = {
  /** `name:version` */
  readonly model: string;
  readonly state: ModelStateReport['state'];
  /** In this state. */
  readonly seconds: number;
  /** Empty unless something went wrong. */
  readonly reason: string;
};

export class StartupProgress {
  readonly #startedMs = monotonicMs();
  readonly #models = new Map<string, { readonly report: ModelStateReport; readonly sinceMs: number }>();

  /** Since the gateway began to start. */
  get seconds(): number {
    return seconds(this.#startedMs);
  }

  onModelState(report: ModelStateReport): void {
    const key = `${report.model}:${report.version}`;
    if (this.#models.get(key)?.report.state === report.state) return;
    this.#models.set(key, { report, sinceMs: monotonicMs() });
  }

  /** In the order in which they appeared; a folder whose files are still being verified is not among them. */
  models(): readonly ModelProgress[] {
    return [...this.#models].map(([model, { report, sinceMs }]) => {
      const reason = report.state === 'failed' ? report.reason : '';
      return { model, state: report.state, seconds: seconds(sinceMs), reason };
    });
  }

  /** For a person. */
  summary(): string {
    const loading = this.models().filter(({ state }) => state === 'loading');
    if (loading.length === 0) return 'verifying the model folders';
    return `loading ${loading.map((model) => `${model.model} (${model.seconds} s)`).join(', ')}`;
  }
}

function seconds(sinceMs: number): number {
  return Math.round((monotonicMs() - sinceMs) / 100) / 10;
}
