/** What is read of tokenizer.json and tokenizer_config.json, and how they are bent to tokenize segments alone. */
import { z } from 'zod';
import { GatewayError } from '../errors.ts';
import { SPACE_SIGN, type TokenSpelling } from './token-bytes.ts';

const fileSchema = z.looseObject({
  added_tokens: z.array(z.object({ id: z.int().nonnegative(), content: z.string() })).default([]),
  model: z.looseObject({ type: z.string().optional(), byte_fallback: z.boolean().optional() }),
});

const token = z.union([z.string(), z.object({ content: z.string() }).transform(({ content }) => content)]);
const configSchema = z.looseObject({
  bos_token: token.nullish(),
  add_bos_token: z.boolean().nullish(),
  chat_template: z
    .union([
      z.string(),
      z.array(z.object({ name: z.string(), template: z.string() })).transform((all) => {
        return (all.find(({ name }) => name === 'default') ?? all[0])?.template ?? '';
      }),
    ])
    .nullish(),
});

export type TokenizerFile = z.infer<typeof fileSchema>;

/** The model's own habits beside its vocabulary. */
export type TokenizerConfig = {
  /** The token that a text begins with; undefined if the model has none. */
  readonly bosToken: string | undefined;
  /** True if even a text without a chat begins with it. */
  readonly addsBos: boolean;
  /** The Jinja template that renders a chat; empty for a model without. */
  readonly chatTemplate: string;
};

/** Throws `GatewayError` (`unavailable`) that says what is wrong with the file. */
export function readTokenizerFile(file: object): TokenizerFile {
  const parsed = fileSchema.safeParse(file);
  if (!parsed.success) throw broken('tokenizer.json', z.prettifyError(parsed.error));
  const { type = 'BPE' } = parsed.data.model;
  if (type !== 'BPE') throw broken('tokenizer.json', `model.type: ${type} is not supported, only BPE is`);
  return parsed.data;
}

/** Throws `GatewayError` (`unavailable`) that says what is wrong with the file. */
export function readTokenizerConfig(config: object): Omit<TokenizerConfig, 'addsBos'> & { readonly addsBos?: boolean } {
  const parsed = configSchema.safeParse(config);
  if (!parsed.success) throw broken('tokenizer_config.json', z.prettifyError(parsed.error));
  const { bos_token, add_bos_token, chat_template } = parsed.data;
  return {
    bosToken: bos_token ?? undefined,
    chatTemplate: chat_template ?? '',
    ...(typeof add_bos_token === 'boolean' && { addsBos: add_bos_token }),
  };
}

export function spellingOf({ model }: TokenizerFile): TokenSpelling {
  return model.byte_fallback === true ? 'byte-fallback' : 'byte-level';
}

/**
 * The same tokenizer, but so that every text comes back as it went in: no Unicode normalisation, and no space put in front,
 * because a segment is no beginning of a sentence. And without its added tokens, so that it cannot mistake a user's text such as
 * "<|end|>" for a special token.
 */
export function forSegments(file: TokenizerFile): TokenizerFile {
  if (spellingOf(file) === 'byte-level') return { ...file, added_tokens: [], normalizer: null };
  const normalizer = { type: 'Replace', pattern: { String: ' ' }, content: SPACE_SIGN };
  return { ...file, added_tokens: [], normalizer, pre_tokenizer: null };
}

function broken(name: string, problem: string): GatewayError {
  return new GatewayError('unavailable', `${name}: ${problem}`);
}
