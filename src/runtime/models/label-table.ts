/** Owns the labels of one model's versions, and with them how its traffic is shared. Pure: chance is an argument. */
import { createHash } from 'node:crypto';
import { invalid } from '../errors.ts';

export type Label = { readonly label: string; readonly version: string; readonly share: number };

/** No version can look like one that is in use, and it can stand behind a colon. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Shares such as 0.1, 0.2 and 0.7 do not add up to exactly one. */
const ROUNDING = 1e-9;

export class LabelTable {
  readonly #labels = new Map<string, Label>();

  get all(): readonly Label[] {
    return [...this.#labels.values()];
  }

  get(label: string): Label | undefined {
    return this.#labels.get(label);
  }

  /** Replaces the label of that name. Throws `invalid_request` naming the field: a bad name, or shares beyond one. */
  set(label: Label): void {
    if (!LABEL.test(label.label))
      throw invalid('label', 'expected up to 64 letters, digits, dots, dashes or underscores');
    if (!(label.share >= 0 && label.share <= 1)) throw invalid('share', 'expected a number from 0 to 1');
    const others = this.all.filter((other) => other.label !== label.label);
    const total = others.reduce((sum, other) => sum + other.share, label.share);
    if (total > 1 + ROUNDING) throw invalid('share', `the shares of all labels would add up to ${total}, more than 1`);
    this.#labels.set(label.label, label);
  }

  remove(label: string): void {
    this.#labels.delete(label);
  }

  /**
   * The version that `key` falls to, or undefined where no label has a share in it. The same key gives the same version, and
   * where a share grows, keys move to that label only: each label draws a number by the key, and its share is the label's
   * weight (rendezvous hashing).
   */
  choose(key: string): string | undefined {
    const total = this.all.reduce((sum, { share }) => sum + share, 0);
    const rest = { label: '', version: undefined, share: Math.max(0, 1 - total) };
    let best: { readonly version: string | undefined; readonly draw: number } | undefined;
    for (const { label, version, share } of [...this.all, rest]) {
      if (share <= ROUNDING) continue;
      const draw = -Math.log(uniform(key, label)) / share;
      if (best === undefined || draw < best.draw) best = { version, draw };
    }
    return best?.version;
  }
}

/** A number in (0, 1] for a key and a label; as good as independent for different labels. */
function uniform(key: string, label: string): number {
  const digest = createHash('sha256').update(`${label}\0${key}`).digest();
  return (digest.readUIntBE(0, 6) + 1) / 2 ** 48;
}
