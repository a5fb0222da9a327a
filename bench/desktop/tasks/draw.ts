/** Draws task parameters so that no text, name or number of the test split ever occurs in training. */
import { hashText, type Random } from '../random.ts';
import { emailAddress, filePath, identifier, phrase, webAddress, word } from '../words.ts';

/** held-out: templates that are never trained on, with the values and wordings of the test split. */
export type Split = 'train' | 'test' | 'held-out';
export const SPLITS: readonly Split[] = ['train', 'test', 'held-out'];
/** What texts, numbers and wordings belong to. */
export type ValueSplit = 'train' | 'test';

export const valueSplitOf = (split: Split): ValueSplit => (split === 'train' ? 'train' : 'test');

/** One value in this many belongs to the test split. */
const TEST_SHARE = 5;
const MAX_TRIES = 1000;

/** The split that a value belongs to, ignoring case so that `Budget` cannot leak as `budget`. */
export function splitOf(value: string): ValueSplit {
  return hashText(`split:${value.toLowerCase()}`) % TEST_SHARE === 0 ? 'test' : 'train';
}

export class Draw {
  readonly random: Random;
  readonly split: ValueSplit;

  constructor(random: Random, split: ValueSplit) {
    this.random = random;
    this.split = split;
  }

  /** A phrase of one to four words. */
  text(): string {
    return this.#inSplit(() => phrase(this.random));
  }

  word(): string {
    return this.#inSplit(() => word(this.random));
  }

  identifier(): string {
    return this.#inSplit(() => identifier(this.random));
  }

  webAddress(): string {
    return this.#inSplit(() => webAddress(this.random));
  }

  emailAddress(): string {
    return this.#inSplit(() => emailAddress(this.random));
  }

  /** A folder, or a file in one if `extensions` are given. */
  path(...extensions: string[]): string {
    return this.#inSplit(() => filePath(this.random, extensions));
  }

  /** A multiple of `step` in [min, max] other than `except`, which is what a new document has anyway; `name` keeps the splits of different parameters independent. */
  number(name: string, range: { min: number; max: number; step?: number; except?: number }): number {
    const { min, max, step = 1 } = range;
    const draw = (): string => `${name} ${min + step * this.random.int(0, Math.floor((max - min) / step))}`;
    const value = Number(this.#inSplit(draw).slice(name.length + 1));
    return value === range.except ? this.number(name, range) : value;
  }

  /** Out of a closed list, such as Word's colours; both splits share it. */
  pick<T>(items: readonly T[]): T {
    return this.random.pick(items);
  }

  #inSplit(draw: () => string): string {
    for (let i = 0; i < MAX_TRIES; i++) {
      const value = draw();
      if (splitOf(value) === this.split) return value;
    }
    throw new RangeError(`no value of the ${this.split} split in ${MAX_TRIES} draws`);
  }
}
