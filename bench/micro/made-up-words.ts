/** Words that no vocabulary was trained on, drawn from a seed: for vocabularies of any size, and for names never seen before. */
import type { Random } from '../desktop/random.ts';

const ONSETS = [
  'b',
  'br',
  'c',
  'ch',
  'd',
  'f',
  'fl',
  'g',
  'h',
  'k',
  'l',
  'm',
  'n',
  'p',
  'pr',
  'r',
  's',
  'st',
  't',
  'v',
];
const VOWELS = ['a', 'e', 'i', 'o', 'u', 'ea', 'io', 'ou'];
const CODAS = ['', '', 'l', 'n', 'r', 's', 't', 'ng'];
/** First code points of scripts and symbols that spell in two, three and four bytes: Cyrillic, Hebrew, Han, emoji. */
const SCRIPTS = [0x0430, 0x05d0, 0x4e00, 0x1f600] as const;
const LETTERS_PER_SCRIPT = 26;

export function asciiWord(random: Random): string {
  const syllables = Array.from({ length: random.int(1, 3) }, () =>
    [random.pick(ONSETS), random.pick(VOWELS), random.pick(CODAS)].join(''),
  );
  const word = syllables.join('');
  return random.chance(0.3) ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

export function foreignWord(random: Random): string {
  const script = random.pick(SCRIPTS);
  const length = random.int(1, 4);
  return String.fromCodePoint(...Array.from({ length }, () => script + random.int(0, LETTERS_PER_SCRIPT - 1)));
}
