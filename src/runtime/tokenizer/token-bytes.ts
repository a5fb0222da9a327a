/** Bytes of each token of a byte-level BPE vocabulary, whose tokens are written in printable stand-ins for bytes. */
import { GatewayError } from '../errors.ts';

/**
 * The stand-ins: printable Latin-1 characters are themselves, all other bytes get U+0100 onwards, in order
 * (openai/gpt-2, src/encoder.py, bytes_to_unicode).
 */
const BYTE_OF_CHAR: ReadonlyMap<string, number> = (() => {
  const map = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 0x100; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    map.set(String.fromCodePoint(printable ? byte : next++), byte);
  }
  return map;
})();

/** Throws `GatewayError` (`unavailable`) for a token that is not written in byte stand-ins. */
export function bytesOfToken(token: string): Uint8Array {
  return Uint8Array.from(token, (char) => {
    const byte = BYTE_OF_CHAR.get(char);
    if (byte === undefined) {
      throw new GatewayError('unavailable', `tokenizer: token ${JSON.stringify(token)} is not byte-level`);
    }
    return byte;
  });
}
