/** Which strings a client may send: bounded, well-formed Unicode, no control characters that only an accident sends. */

/** `text` may span lines; `name` is one printable line. */
export type TextKind = 'text' | 'name';

/** Says what is wrong with a string, or undefined. `maxLength` is in UTF-16 units, as JavaScript and Windows count. */
export function textProblem(text: string, kind: TextKind, maxLength: number): string | undefined {
  if (text.length > maxLength) return `${text.length} characters, at most ${maxLength} are allowed`;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x20 && unit < 0x7f) continue;
    if (unit < 0x20 || unit === 0x7f) {
      if (kind === 'name' || !isWhiteSpace(unit)) return `control character ${codePoint(unit)} at position ${i}`;
    } else if (unit >= 0xd800 && unit < 0xe000) {
      if (!isPair(unit, text.charCodeAt(i + 1))) return `lone surrogate ${codePoint(unit)} at position ${i}`;
      i++;
    }
  }
  return undefined;
}

/** Tab, line feed, vertical tab (a soft line break in Office), form feed, carriage return. */
function isWhiteSpace(unit: number): boolean {
  return unit >= 0x09 && unit <= 0x0d;
}

/** `low` is NaN past the end of the string, which is no low surrogate. */
function isPair(high: number, low: number): boolean {
  return high < 0xdc00 && low >= 0xdc00 && low < 0xe000;
}

function codePoint(unit: number): string {
  return `U+${unit.toString(16).toUpperCase().padStart(4, '0')}`;
}
