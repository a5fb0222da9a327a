/** A tokenizer for the compact dialect without a trained vocabulary: special tokens, the 256 bytes, and given merges. */
import { SPECIAL_TOKENS } from '../../src/runtime/dialects/compact-tokens.ts';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';

/** `merges` are pairs of byte stand-ins, e.g. `['B', 'o']`, in order of priority. */
export function byteTokenizer(merges: readonly (readonly [string, string])[] = []): SegmentTokenizer {
  const stand = Array.from({ length: 256 }, (_, byte) => standIn(byte));
  const tokens = [...SPECIAL_TOKENS, ...stand, ...merges.map(([a, b]) => a + b)];
  const file = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
  return new SegmentTokenizer(file, {});
}

/** GPT-2's printable stand-in for a byte. */
function standIn(byte: number): string {
  const printable = (b: number) => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  if (printable(byte)) return String.fromCodePoint(byte);
  let before = 0;
  for (let b = 0; b < byte; b++) if (!printable(b)) before++;
  return String.fromCodePoint(0x100 + before);
}
