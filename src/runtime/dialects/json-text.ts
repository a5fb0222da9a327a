/** Texts as the JSON dialect writes them. */
import { SPACE_SIGN } from '../tokenizer/token-bytes.ts';

/**
 * The inside of a JSON string that stands for `value`. SentencePiece's sign for a space is escaped, because those tokenizers
 * cannot tell it from a space.
 */
export function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1).replaceAll(SPACE_SIGN, '\\u2581');
}

export function quoted(value: string): string {
  return `"${jsonText(value)}"`;
}
