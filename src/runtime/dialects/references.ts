/**
 * What a request says literally: quoted texts, numbers, and names with digits or slashes in them. The compact dialect numbers
 * them, and an answer refers to one by its number instead of spelling it. So a literal comes back exactly as the user wrote
 * it, however long it is, and a small model has to choose where a larger one would copy.
 */

/** A literal and where it stands in the request, in UTF-16 units. */
export type Reference = {
  readonly text: string;
  readonly start: number;
  /** The user put it in quotation marks. */
  readonly isQuoted: boolean;
};

/** More than a request that one action can serve would hold; ordinals stay one digit. */
const MAX_REFERENCES = 9;

/** A quoted text (an apostrophe within a word opens none), or a run of characters up to the next white space or quote. */
const PIECE = /(?<!\w)'([^']+)'(?!\w)|(?<!\w)"([^"]+)"(?!\w)|“([^”]+)”|[^\s'"“”]+/dgu;
/** Only numbers, signs between them and a unit: `12`, `2.5cm`, `150%`, `3x4`, `15-column`. */
const NUMERIC = /^[(]?\d[\d.,x×%-]*(?:[a-z%]{0,3}|rows?|columns?|points?|inch(?:es)?|pages?|lines?)[.,;:!?)]*$/iu;
const NUMBER = /\d+(?:\.\d+)?/dgu;
/** A name that nobody would spell from memory, such as `Budget23`, `C:\Temp`, `draft_2` or `DraftTwo`. */
const NAME = /^[(]?(?<name>\S*(?:[\d\\/_]|\p{Ll}\p{Lu})\S*?)[.,;:!?)]*$/u;

/** In the order of the request; at most nine. */
export function findReferences(request: string): readonly Reference[] {
  return [...request.matchAll(PIECE)].flatMap(referencesOf).slice(0, MAX_REFERENCES);
}

function referencesOf(match: RegExpExecArray): Reference[] {
  const quoted = match.indices?.slice(1).find((range) => range !== undefined);
  if (quoted !== undefined) return [{ text: match[0].slice(1, -1), start: quoted[0], isQuoted: true }];
  const [piece] = match;
  if (NUMERIC.test(piece)) {
    const numbers = [...piece.matchAll(NUMBER)];
    return numbers.map((number) => ({ text: number[0], start: match.index + number.index, isQuoted: false }));
  }
  const name = NAME.exec(piece)?.groups?.['name'];
  return name === undefined ? [] : [{ text: name, start: match.index + piece.indexOf(name), isQuoted: false }];
}
