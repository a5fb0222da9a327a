/**
 * Texts as rules see them: words without case, accents, invisible characters, mnemonics and punctuation. So a rule holds
 * however an application writes a name: `&Delete...`, `D\u200Belete`, `ＤＥＬＥＴＥ`, `Delete\tDel`.
 */

import { LRUCache } from 'lru-cache';

export type Words = readonly string[];

/** Names of applications, windows and controls come back at every step, and reading one takes a dozen passes. */
const KEPT_READINGS = 4096;
/** In UTF-16 units. Longer texts are no names. */
const MAX_KEPT_TEXT = 128;
const kept = new LRUCache<string, readonly Words[]>({ max: KEPT_READINGS });

/** Dropped before anything else: some of them decompose into a space, which would split `don´t`. */
const APOSTROPHES = /['\u2018\u2019\u201b\u02b9\u02bc\u2032\uff07`\u00b4]/g;
/** Accents, zero-width and bidi controls, soft hyphens, fillers, other control characters; tabs and line breaks stay. */
const INVISIBLE = /[\p{M}\p{Cf}\p{DI}]|(?![\t\n\v\f\r])\p{Cc}/gu;
/** A picture is a word of its own, be it an emoji, a cross or a glyph of an icon font. */
const PICTURES = /[\p{So}\p{Co}\u00d7]/gu;
const SEPARATORS = /[^\p{L}\p{N}\p{So}\p{Co}\u00d7]+/u;
/** The same, for patterns, whose wildcards are part of words. */
const PATTERN_SEPARATORS = /[^\p{L}\p{N}\p{So}\p{Co}\u00d7*?]+/u;
/** `Entfernen (&D)`: how languages without Latin letters mark the mnemonic. */
const APPENDED_MNEMONIC = /\([&_]\S\)/g;
/** At the end of a name, the shortcut of a command: `Alt+F4`, `Del`. */
const SHORTCUT = /^(?:(?:ctrl|strg|alt|alt gr|shift|win)\+.{1,12}|del|delete|entf|esc|f\d{1,2})$/;
const LOWER_UPPER = /([\p{Ll}\p{N}])(\p{Lu})/gu;

/** See {@link read}; the same list for the same text. */
export function readings(text: string): readonly Words[] {
  if (text.length > MAX_KEPT_TEXT) return read(text);
  let found = kept.get(text);
  if (found === undefined) {
    found = read(text);
    kept.set(text, found);
  }
  return found;
}

/**
 * Every way to read a text as words, most often just one. `&` and `_` mark a mnemonic or separate words, which cannot be
 * told apart, and what looks like a shortcut at the end may be part of the name. Linear in the length of the text.
 */
function read(text: string): readonly Words[] {
  const folded = fold(text).replace(APPENDED_MNEMONIC, ' ').replaceAll('&&', ' ');
  const found = new Map<string, Words>();
  for (const name of new Set([folded, withoutShortcut(folded)])) {
    for (const ampersand of name.includes('&') ? ['', ' '] : ['']) {
      for (const underscore of name.includes('_') ? ['', ' '] : ['']) {
        const words = split(name.replaceAll('&', ampersand).replaceAll('_', underscore), SEPARATORS);
        found.set(words.join(' '), words);
      }
    }
  }
  if (found.size > 1) found.delete('');
  return [...found.values()];
}

/** Of an identifier such as `btnDeleteFile` or `delete_file`. */
export function identifierReadings(identifier: string): readonly Words[] {
  return [...readings(identifier), ...readings(identifier.replace(LOWER_UPPER, '$1 $2'))];
}

/** Of a pattern; `*` and `?` stay where they are. */
export function patternWords(pattern: string): Words {
  return split(fold(pattern).replace(/[&_]/g, ' '), PATTERN_SEPARATORS);
}

/**
 * Case is folded between two decompositions: a letter of mathematics has no upper case, and some folds have accents. From lower to
 * upper and back, because `ẞ` has no other upper case, but `ß` has.
 */
export function fold(text: string): string {
  const plain = text.replace(APOSTROPHES, '').normalize('NFKD').toLowerCase().toUpperCase().toLowerCase();
  return plain.normalize('NFKD').replace(APOSTROPHES, '').replace(INVISIBLE, '');
}

function split(text: string, separators: RegExp): Words {
  return text
    .replace(PICTURES, ' $& ')
    .split(separators)
    .filter((word) => word !== '');
}

/** What is left of a tab, of parentheses at the end, and of a shortcut at the end. */
function withoutShortcut(folded: string): string {
  const trimmed = folded.trim();
  const tab = trimmed.indexOf('\t');
  let name = (tab < 0 ? trimmed : trimmed.slice(0, tab)).trimEnd();
  if (name.endsWith(')')) name = name.slice(0, Math.max(0, name.lastIndexOf('('))).trimEnd();
  const space = name.lastIndexOf(' ');
  return space > 0 && SHORTCUT.test(name.slice(space + 1)) ? name.slice(0, space) : name;
}
