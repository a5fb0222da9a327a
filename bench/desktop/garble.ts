/**
 * Says a wording as people say it in a hurry: small words missing, an everyday verb for another, a letter wrong. Only training
 * requests are garbled, so that a model learns not to hang on the exact words of the templates.
 */
import type { Random } from './random.ts';

const SMALL_WORDS: ReadonlySet<string> = new Set(
  ['a', 'an', 'the', 'of', 'to', 'for', 'in', 'on', 'with', 'that', 'is', 'be', 'this', 'my'].values(),
);
/** Words that one means much the same by, where they begin a request. */
const VERBS: readonly (readonly string[])[] = [
  ['make', 'set', 'turn', 'change', 'get', 'have', 'switch', 'do', 'render', 'format'],
  ['add', 'insert', 'put', 'place', 'include', 'drop', 'throw', 'attach', 'create', 'give'],
  ['remove', 'delete', 'clear', 'erase', 'strip', 'kill', 'take', 'lose', 'cut'],
  ['show', 'display', 'reveal', 'see', 'view', 'open'],
  ['use', 'apply', 'choose', 'pick', 'select', 'take', 'try'],
  ['write', 'type', 'enter', 'note', 'put'],
  ['tell', 'say', 'report', 'find', 'check'],
  ['let', 'have', 'get'],
];
const DROP_SHARE = 0.5;
const VERB_SHARE = 0.5;
const TYPO_SHARE = 0.5;
/** Shorter words are too easily taken for others. */
const MIN_TYPO_LETTERS = 5;
/** A slot of a wording, or a run without one. */
const PART = /\{=?\w+\}|<\w+>|[^{<]+/g;
const WORDS = /[\p{L}']+/gu;

/** `wording` with its alternatives chosen; its slots stay as they are. */
export function garble(wording: string, random: Random): string {
  const words = [...wording.matchAll(PART)].flatMap(([part]) => (isSlot(part) ? [] : (part.match(WORDS) ?? [])));
  const long = words.filter((word) => word.length >= MIN_TYPO_LETTERS);
  const misspelled = long.length > 0 && random.chance(TYPO_SHARE) ? random.pick(long) : null;
  let isFirst = true;
  const garbled = wording.replace(PART, (part) =>
    isSlot(part)
      ? part
      : part.replace(WORDS, (word) => {
          const wasFirst = isFirst;
          isFirst = false;
          if (word === misspelled) return misspell(word, random);
          if (wasFirst) return random.chance(VERB_SHARE) ? otherVerb(word, random) : word;
          return SMALL_WORDS.has(word) && random.chance(DROP_SHARE) ? '' : word;
        }),
  );
  return garbled.replace(/ {2,}/g, ' ').trim();
}

const isSlot = (part: string): boolean => part.startsWith('{') || part.startsWith('<');

function otherVerb(word: string, random: Random): string {
  const alike = VERBS.find((verbs) => verbs.includes(word));
  return alike === undefined ? word : random.pick(alike);
}

/** One letter missing, doubled, or swapped with the next; never the first, by which a word is known. */
function misspell(word: string, random: Random): string {
  const at = random.int(1, word.length - 2);
  const [before, letter, next, after] = [word.slice(0, at), word.charAt(at), word.charAt(at + 1), word.slice(at + 2)];
  return before + random.pick([next, letter + letter + next, next + letter]) + after;
}
