/** A tokenizer of a larger vocabulary that tokenizes the same texts the same way. */

/** tokenizer.json, as far as it is read and changed here. */
export type TokenizerFile = {
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
};

/**
 * Adds merges of stand-ins for bytes above 0x7f, which no text of the benchmark contains: characters of two bytes, then pairs of
 * such characters. All are whole characters, as most tokens of real vocabularies are: llama.cpp's grammar (node-llama-cpp 3.22)
 * lets parts of characters pass when it masks, and fails when one is chosen. Ids go on where the vocabulary ends.
 */
export function extendTokenizer<T extends TokenizerFile>(file: T, vocabSize: number): T {
  const vocab: Record<string, number> = { ...file.model.vocab };
  const merges = [...file.model.merges];
  let next = Math.max(...Object.values(vocab)) + 1;
  const add = (left: string, right: string): void => {
    if (next === vocabSize || vocab[left + right] !== undefined) return;
    vocab[left + right] = next++;
    merges.push([left, right]);
  };
  const bytes = Object.keys(vocab).filter((token) => [...token].length === 1);
  const leads = bytes.filter((byte) => byte >= FIRST_LEAD && byte <= LAST_LEAD);
  const continuations = bytes.filter((byte) => byte >= FIRST_CONTINUATION && byte <= LAST_CONTINUATION);
  for (const lead of leads) for (const continuation of continuations) add(lead, continuation);
  const characters = leads.flatMap((lead) => continuations.map((continuation) => lead + continuation));
  for (const first of characters) for (const second of characters) add(first, second);
  if (next !== vocabSize) throw new Error(`the vocabulary has ${next} tokens, not ${vocabSize}`);
  return { ...file, model: { ...file.model, vocab, merges } };
}

/** Ids of the tokens that are single bytes above 0x7f, so parts of characters. */
export function partialTokens(file: TokenizerFile): readonly number[] {
  return Object.entries(file.model.vocab).flatMap(([token, id]) =>
    [...token].length === 1 && token > '~' && (token < FIRST_STAND_IN || token >= STAND_IN_OF_0X80) ? [id] : [],
  );
}

/** Bytes 0xae to 0xff are written as themselves in byte-level vocabularies (openai/gpt-2, bytes_to_unicode). */
const FIRST_LEAD = '\u00c3';
const LAST_LEAD = '\u00df';
const FIRST_CONTINUATION = '\u00ae';
const LAST_CONTINUATION = '\u00bf';
/** Bytes without a character of their own are written as these, in order: 33 below 0x21, then 0x7f, then from 0x80. */
const FIRST_STAND_IN = '\u0100';
const STAND_IN_OF_0X80 = '\u0122';
