/** Tokenizers without a trained vocabulary: special tokens (the compact dialect's unless told otherwise), bytes, given merges. */
import { SPECIAL_TOKENS } from '../../src/runtime/dialects/compact-tokens.ts';
import { SegmentTokenizer } from '../../src/runtime/tokenizer/tokenizer.ts';

type Merges = readonly (readonly [string, string])[];

export type TokenizerOptions = {
  readonly specials?: readonly string[];
  /** tokenizer_config.json. */
  readonly config?: object;
  /** chat_template.jinja. */
  readonly chatTemplate?: string;
};

/** Byte-level. `merges` are pairs of byte stand-ins, e.g. `['B', 'o']`, in order of priority. */
export function byteTokenizer(merges: Merges = [], options: TokenizerOptions = {}): SegmentTokenizer {
  const { specials = SPECIAL_TOKENS, config = {}, chatTemplate } = options;
  const stand = Array.from({ length: 256 }, (_, byte) => standIn(byte));
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  const parts = { normalizer: null, pre_tokenizer: byteLevel, decoder: byteLevel };
  return new SegmentTokenizer(
    { ...tokenizerFile({ specials, pieces: stand, merges }), ...parts },
    config,
    chatTemplate,
  );
}

/** As Llama 2's: `▁` for a space, put in front of every text, and a token per byte for what else there is none for. */
export function pieceTokenizer(
  merges: Merges = [],
  { specials = [], config = {} }: TokenizerOptions = {},
): SegmentTokenizer {
  const bytes = Array.from({ length: 256 }, (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`);
  const letters = ['▁', ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ{}":,'];
  const parts = {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
    pre_tokenizer: null,
    decoder: null,
  };
  const file = tokenizerFile({ specials: ['<unk>', ...specials], pieces: [...bytes, ...letters], merges });
  return new SegmentTokenizer({ ...file, ...parts, model: { ...file.model, byte_fallback: true } }, config);
}

type Vocabulary = { readonly specials: readonly string[]; readonly pieces: readonly string[]; readonly merges: Merges };

function tokenizerFile({ specials, pieces, merges }: Vocabulary) {
  const tokens = [...specials, ...pieces, ...merges.map(([a, b]) => a + b)];
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content, id) => ({
      id,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    post_processor: null,
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
}

/** GPT-2's printable stand-in for a byte. */
function standIn(byte: number): string {
  const printable = (b: number) => (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b <= 0xac) || b >= 0xae;
  if (printable(byte)) return String.fromCodePoint(byte);
  let before = 0;
  for (let b = 0; b < byte; b++) if (!printable(b)) before++;
  return String.fromCodePoint(0x100 + before);
}
