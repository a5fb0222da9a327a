/** Bytes of each token of a BPE vocabulary, in the two ways in which tokenizer.json writes them. */
import { GatewayError } from '../errors.ts';

/**
 * byte-level: printable stand-ins for bytes, as GPT-2 began (Llama 3, Qwen, Mistral's tekken). byte-fallback: text in which
 * `▁` stands for a space, and `<0x0A>` for a byte that no text token has, as SentencePiece does (Llama 2, Phi-3, Gemma).
 */
export type TokenSpelling = 'byte-level' | 'byte-fallback';

/** SentencePiece's sign for a space. NOTE: a text that has the sign itself comes back with a space. */
export const SPACE_SIGN = '\u2581';

/**
 * The stand-ins: printable Latin-1 characters are themselves, all other bytes get U+0100 onwards, in order
 * (openai/gpt-2, src/encoder.py, bytes_to_unicode).
 */
export const BYTE_OF_CHAR: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 0x100; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    map.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return map;
})();

const BYTE_TOKEN = /^<0x([0-9A-F]{2})>$/;

/** Throws `GatewayError` (`unavailable`) for a token that is not written in this way. */
export function bytesOfToken(token: string, spelling: TokenSpelling): Uint8Array {
  return spelling === 'byte-level' ? bytesOfStandIns(token) : bytesOfPiece(token);
}

function bytesOfStandIns(token: string): Uint8Array {
  return Uint8Array.from(token, (char) => {
    const byte = BYTE_OF_CHAR.get(char);
    if (byte === undefined) {
      throw new GatewayError('unavailable', `tokenizer: token ${JSON.stringify(token)} is not byte-level`);
    }
    return byte;
  });
}

function bytesOfPiece(token: string): Uint8Array {
  const byte = BYTE_TOKEN.exec(token)?.[1];
  if (byte !== undefined) return Uint8Array.of(Number.parseInt(byte, 16));
  return new TextEncoder().encode(token.replaceAll(SPACE_SIGN, ' '));
}
