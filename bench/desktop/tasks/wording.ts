/**
 * Wordings as patterns. `(a|b)` is one of them, `@add` one of a set of words that many templates share. Of each set a
 * template keeps some words back for the test split: they are known from other templates, but not with this one.
 */
import { hashText, type Random } from '../random.ts';
import type { ValueSplit } from './draw.ts';

export const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  add: ['add', 'insert', 'put in', 'place', 'include'],
  remove: ['remove', 'delete', 'clear', 'take away', 'drop', 'get rid of'],
  set: ['set', 'change', 'switch', 'adjust'],
  make: ['make', 'set', 'turn'],
  apply: ['apply', 'use', 'choose', 'pick', 'select'],
  show: ['show', 'display', 'bring up', 'turn on'],
  hide: ['hide', 'turn off', 'switch off', 'close'],
  tell: ['tell me', 'report', 'say', 'find out', 'look up'],
  document: ['the document', 'my document', 'this document', 'the file'],
  paragraph: ['the paragraph with', 'the paragraph containing', 'the paragraph that says'],
};

/** One word in this many is kept back for the test split. */
const KEPT_BACK = 4;

/** What `@name` can stand for in a template and split; neither list is empty, and they share no word. */
function synonymsFor(name: string, templateName: string, split: ValueSplit): readonly string[] {
  const words = SYNONYMS[name];
  if (!words) throw new RangeError(`no synonyms @${name}`);
  const cycle = Math.min(KEPT_BACK, words.length);
  const isKept = (i: number): boolean => (i + hashText(`${templateName}@${name}`)) % cycle === 0;
  return words.filter((_, i) => isKept(i) === (split === 'test'));
}

export type Source = { readonly templateName: string; readonly split: ValueSplit };

/** Every text that a pattern stands for. */
export function expandPattern(pattern: string, source: Source): string[] {
  const match = CHOICE.exec(pattern);
  if (!match) return [pattern];
  const before = pattern.slice(0, match.index);
  const after = pattern.slice(match.index + match[0].length);
  return optionsOf(match, source).flatMap((option) => expandPattern(`${before}${option}${after}`, source));
}

/** One of the texts that a pattern stands for. */
export function pickWording(pattern: string, source: Source, random: Random): string {
  let text = pattern;
  for (let match = CHOICE.exec(text); match; match = CHOICE.exec(text)) {
    const option = random.pick(optionsOf(match, source));
    text = `${text.slice(0, match.index)}${option}${text.slice(match.index + match[0].length)}`;
  }
  return text;
}

/** The innermost group, or a set by its name. */
const CHOICE = /\(([^()]*)\)|@(\w+)/;

function optionsOf([, group, name = '']: RegExpExecArray, { templateName, split }: Source): readonly string[] {
  return group === undefined ? synonymsFor(name, templateName, split) : group.split('|');
}
