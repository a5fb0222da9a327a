/**
 * Patterns over words. Not regular expressions: matching takes time linear in the text, whatever a policy file holds, so
 * that no file can stop the event loop.
 */
import { patternWords, type Words } from './words.ts';

/** What a policy file may hold; checked by its schema. */
export const MAX_PATTERN_LENGTH = 200;
/** Patterns that begin with a wildcard have to be tried at every word of a text. */
export const MAX_LEADING_WILDCARDS = 64;

type Pattern = {
  readonly words: Words;
  readonly atStart: boolean;
  readonly atEnd: boolean;
};

/**
 * Words that follow one another anywhere in a text: `delete`, `empty recycle bin`. `^` in front: at its start; `$` behind: at its end.
 * In a word `*` stands for any characters, `?` for one. Throws `RangeError` that says what is wrong.
 */
export function parsePattern(source: string): Pattern {
  const trimmed = source.trim();
  const atStart = trimmed.startsWith('^');
  const atEnd = trimmed.endsWith('$');
  const words = patternWords(trimmed.slice(atStart ? 1 : 0, atEnd ? -1 : undefined));
  if (words.length === 0) throw new RangeError('a pattern needs a letter, a digit or a wildcard');
  return { words, atStart, atEnd };
}

export function beginsWithWildcard(source: string): boolean {
  return isWildcard(patternWords(source)[0] ?? '');
}

/** Several patterns, any of which may match. */
export class Patterns {
  /** By the first word; what begins with a wildcard is below the empty string. */
  readonly #byFirstWord = new Map<string, Pattern[]>();

  constructor(sources: readonly string[]) {
    for (const source of sources) {
      const pattern = parsePattern(source);
      const [first = ''] = pattern.words;
      const key = isWildcard(first) ? '' : first;
      const others = this.#byFirstWord.get(key);
      if (others === undefined) this.#byFirstWord.set(key, [pattern]);
      else others.push(pattern);
    }
  }

  /** True if one of the patterns matches one of the readings. */
  matches(readings: readonly Words[]): boolean {
    return readings.some((words) => words.some((word, i) => this.#matchesAt(words, word, i)));
  }

  #matchesAt(words: Words, word: string, index: number): boolean {
    const beginsHere = (pattern: Pattern) => matchesAt(pattern, words, index);
    return (
      this.#byFirstWord.get(word)?.some(beginsHere) === true || this.#byFirstWord.get('')?.some(beginsHere) === true
    );
  }
}

function matchesAt({ words: globs, atStart, atEnd }: Pattern, words: Words, index: number): boolean {
  if (atStart && index !== 0) return false;
  if (atEnd && index + globs.length !== words.length) return false;
  return index + globs.length <= words.length && globs.every((glob, i) => matchesGlob(glob, words[index + i] ?? ''));
}

function isWildcard(glob: string): boolean {
  return glob.includes('*') || glob.includes('?');
}

/** Goes back to the last `*` only, which is enough: at most the product of both lengths, no recursion. */
function matchesGlob(glob: string, word: string): boolean {
  if (!isWildcard(glob)) return glob === word;
  let g = 0;
  let star = -1;
  let starred = 0;
  for (let w = 0; w < word.length; ) {
    if (glob[g] === '*') {
      star = g++;
      starred = w;
    } else if (g < glob.length && (glob[g] === '?' || glob[g] === word[w])) {
      g++;
      w++;
    } else if (star >= 0) {
      g = star + 1;
      w = ++starred;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
