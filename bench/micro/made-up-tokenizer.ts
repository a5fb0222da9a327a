/** Byte-level BPE tokenizers of any size: the shipped one's special tokens and splitting rules, with merges of made-up words. */
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';
import { Random } from '../desktop/random.ts';
import { asciiWord, foreignWord } from './made-up-words.ts';
import { readModelJson } from './shipped-model.ts';

const FOREIGN_SHARE = 0.15;
/** Large vocabularies hold runs of spaces, and all numbers of up to three digits. */
const LONGEST_SPACES = 128;
const NUMBERS = 1000;

type TokenizerFile = {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
  readonly model: object;
};

/** A tokenizer with `size` tokens, the same each time. */
export function makeTokenizer(size: number): SegmentTokenizer {
  const file = readModelJson('tokenizer.json') as TokenizerFile;
  const vocab = new Map(file.added_tokens.map(({ content, id }) => [content, id]));
  for (let byte = 0; byte < 256; byte++) vocab.set(standIn(byte), vocab.size);
  const merges: [string, string][] = [];
  const learn = (text: string) => {
    // Left to right, so that every beginning of the text is a token too, also those that end inside a character.
    const chars = Array.from(new TextEncoder().encode(text), standIn);
    for (let length = 2; length <= chars.length && vocab.size < size; length++) {
      const token = chars.slice(0, length).join('');
      if (vocab.has(token)) continue;
      merges.push([chars.slice(0, length - 1).join(''), chars[length - 1] as string]);
      vocab.set(token, vocab.size);
    }
  };
  const random = new Random(1);
  if (size > 10_000) {
    learn(' '.repeat(LONGEST_SPACES));
    for (let number = 0; number < NUMBERS; number++) learn(String(number));
  }
  while (vocab.size < size) {
    const word = random.chance(FOREIGN_SHARE) ? foreignWord(random) : asciiWord(random);
    learn(random.chance(0.5) ? ` ${word}` : word);
  }
  const model = { ...file.model, vocab: Object.fromEntries(vocab), merges };
  return new SegmentTokenizer({ ...file, model }, readModelJson('tokenizer_config.json'));
}

/** The printable character that a byte is written as (openai/gpt-2, src/encoder.py, bytes_to_unicode). */
function standIn(byte: number): string {
  return STAND_INS[byte] as string;
}

const STAND_INS: readonly string[] = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(isPrintable ? byte : next++);
  });
})();
