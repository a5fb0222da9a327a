/**
 * Which controls share words with the task: the text filter of UFO's clients, here to point at controls, never to drop any. A
 * small model finds "Wide" for "give the page wide margins" in a list of six at once, and in a list of 165 now and then.
 */
import { TwoGenerations } from '../two-generations.ts';
import type { Label } from './labels.ts';
import type { Reference } from './references.ts';

/** Most controls that are pointed at. */
export const MAX_RELATED = 8;
/** Of the best score, what others need: "add a drop cap" is not about "Get More Add-ins" where there is a "Drop Cap". */
const MIN_OF_BEST = 0.25;

const WORD = /[\p{L}\p{N}]+/gu;
/** They are in requests and names alike, and relate nothing. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  'a an and are as at be by can could do for from i in is it me my now of on or please should so that the then this to want with would you'.split(
    ' ',
  ),
);
/** Words of the names that came up last: an application has nearly the same in each of its states. */
const wordsOfNames = new TwoGenerations<string, readonly string[]>(8192);
/** Letters that two forms of a word begin with alike; shorter words have to be equal. */
const MIN_STEM = 3;
/** Of the longer of two forms of a word, the share that the beginning which they have alike must be ("underlined", "Underline"). */
const MIN_ALIKE = 0.6;
/** What the shorter of two forms may have behind that beginning ("delete", "deletion"). */
const MAX_ENDING = 2;

/**
 * Indices of at most {@link MAX_RELATED} controls, the best first, then in the order of the list. What the task quotes is a text of
 * the user's and counts only if it is a control's whole name.
 */
export function relatedControls(
  task: string,
  references: readonly Reference[],
  labels: readonly Label[],
): readonly number[] {
  const { words, names } = readTask(task, references);
  const matches = labels.map(({ name }) => matchesOf(name, words, names));
  const numControls = new Map<string, number>();
  for (const { matched } of matches)
    for (const word of matched) numControls.set(word, (numControls.get(word) ?? 0) + 1);
  const scored = matches.flatMap(({ matched, numWords }, index) => {
    if (matched.length === 0) return [];
    // A word that many controls have says little, and so does a name of which most was not said.
    const weight = matched.reduce((sum, word) => sum + 1 / Math.sqrt(numControls.get(word) ?? 1), 0);
    return [{ index, score: (weight * matched.length) / numWords }];
  });
  const least = MIN_OF_BEST * Math.max(0, ...scored.map(({ score }) => score));
  return scored
    .filter(({ score }) => score >= least)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, MAX_RELATED)
    .map(({ index }) => index);
}

type TaskWords = {
  /** Words of the task by the letters that they begin with. */
  readonly words: ReadonlyMap<string, readonly string[]>;
  /** Quoted texts, in lower case. */
  readonly names: ReadonlySet<string>;
};

function readTask(task: string, references: readonly Reference[]): TaskWords {
  const quoted = references.filter(({ isQuoted }) => isQuoted);
  let rest = '';
  let end = 0;
  for (const { start, text } of quoted) {
    rest += `${task.slice(end, start)} `;
    end = start + text.length;
  }
  const words = new Map<string, string[]>();
  for (const word of new Set(wordsOf(rest + task.slice(end)))) {
    const beginning = word.slice(0, MIN_STEM);
    const alike = words.get(beginning);
    if (alike === undefined) words.set(beginning, [word]);
    else alike.push(word);
  }
  return { words, names: new Set(quoted.map(({ text }) => text.toLowerCase())) };
}

/** The words of a name that the task has in some form, and how many the name has in all. */
function matchesOf(name: string, words: TaskWords['words'], names: TaskWords['names']) {
  const own = wordsOfName(name);
  if (names.size > 0 && names.has(name.toLowerCase())) return { matched: own, numWords: Math.max(1, own.length) };
  const matched = own.filter((word) => words.get(word.slice(0, MIN_STEM))?.some((said) => areForms(said, word)));
  return { matched, numWords: own.length };
}

function wordsOfName(name: string): readonly string[] {
  let words = wordsOfNames.get(name);
  if (words === undefined) {
    words = wordsOf(name);
    wordsOfNames.set(name, words);
  }
  return words;
}

function wordsOf(text: string): string[] {
  return (text.toLowerCase().match(WORD) ?? []).filter((word) => !STOP_WORDS.has(word));
}

/** True for "columns" and "column", "italics" and "italic", "centered" and "center". Both begin with the same letters. */
function areForms(a: string, b: string): boolean {
  if (a === b) return true;
  const shorter = Math.min(a.length, b.length);
  let alike = 0;
  while (alike < shorter && a[alike] === b[alike]) alike++;
  return alike >= MIN_STEM && alike >= MIN_ALIKE * Math.max(a.length, b.length) && shorter - alike <= MAX_ENDING;
}
