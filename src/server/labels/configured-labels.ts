/** Points the labels of the configuration at their versions, at start and again when the configuration has changed. */
import type { ModelLabel, Runtime } from '../../runtime/index.ts';
import { parseLabel } from './config-keys.ts';

export class ConfiguredLabels {
  /** Those that the configuration has set, and may therefore take away. */
  #applied: readonly ModelLabel[] = [];

  /**
   * Labels that someone else has set stay. Throws what `Runtime.setLabel` throws, for example that a version is not loaded; then
   * all labels are as they were.
   */
  async apply(entries: readonly string[], runtime: Runtime): Promise<void> {
    const wanted = entries.map(parseLabel);
    const before = currentLabels(runtime);
    const removed = this.#applied
      .filter((label) => !wanted.some((other) => isSame(label, other)) && before.some((other) => isSame(label, other)))
      .map((label) => ({ ...label, version: '' }));
    // What shrinks comes first: at no time may the shares of a model add up to more than one.
    const growth = (label: ModelLabel) => label.share - (before.find((other) => isSame(label, other))?.share ?? 0);
    const changes = [...removed, ...[...wanted].sort((a, b) => growth(a) - growth(b))];
    const done: ModelLabel[] = [];
    try {
      for (const change of changes) {
        await runtime.setLabel(change);
        done.push(change);
      }
    } catch (error) {
      for (const change of done.reverse()) {
        const old = before.find((other) => isSame(change, other)) ?? { ...change, version: '' };
        await runtime.setLabel(old);
      }
      throw error;
    }
    this.#applied = wanted;
  }
}

function currentLabels(runtime: Runtime): readonly ModelLabel[] {
  return runtime
    .models()
    .flatMap(({ name, version, labels }) => labels.map(({ label, share }) => ({ name, label, version, share })));
}

function isSame(a: ModelLabel, b: ModelLabel): boolean {
  return a.name === b.name && a.label === b.label;
}
