/** genai_config.json, what onnxruntime-genai's model builder writes beside a graph: read, checked, and turned into a decoder's sizes. */
import { z } from 'zod';
import { DEFAULT_NAMES, type DecoderConfig } from '../decoder-config.ts';
import { GatewayError } from '../errors.ts';

const count = z.number().int().positive();
const name = z.string().min(1);
const perLayer = name.refine((pattern) => pattern.includes('%d'), 'needs a %d for the number of the layer');
const tokenId = z.number().int().nonnegative();

const inputsSchema = z.object({
  input_ids: name,
  attention_mask: name.default(DEFAULT_NAMES.attentionMask),
  position_ids: name.default(DEFAULT_NAMES.positionIds),
  past_key_names: perLayer.default(DEFAULT_NAMES.pastKey),
  past_value_names: perLayer.default(DEFAULT_NAMES.pastValue),
});

const outputsSchema = z.object({
  logits: name.default(DEFAULT_NAMES.logits),
  present_key_names: perLayer.default(DEFAULT_NAMES.presentKey),
  present_value_names: perLayer.default(DEFAULT_NAMES.presentValue),
});

/** The part of genai_config.json that serving and planning depend on. */
const genaiConfigSchema = z.object({
  model: z.object({
    type: name,
    context_length: count,
    vocab_size: count,
    bos_token_id: tokenId.optional(),
    // The builder writes null where a model has none, or several.
    eos_token_id: z.union([tokenId.transform((id) => [id]), z.array(tokenId).min(1)]).nullish(),
    pad_token_id: tokenId.nullish(),
    decoder: z.object({
      filename: name.refine((file) => !/[/\\]/.test(file), 'must be a plain file name').default('model.onnx'),
      head_size: count,
      hidden_size: count,
      num_attention_heads: count,
      num_hidden_layers: count,
      num_key_value_heads: count,
      inputs: inputsSchema,
      outputs: outputsSchema.prefault({}),
    }),
  }),
  search: z.object({ past_present_share_buffer: z.boolean().default(false) }).prefault({}),
});

export type GenaiConfig = {
  /** Architecture, such as `llama` or `qwen2`. */
  readonly type: string;
  /** Of the graph, in the folder. */
  readonly fileName: string;
  /** Sizes for {@link createDecoderRunner}; `maxLength` is the model's whole context. */
  readonly decoder: DecoderConfig & Required<Pick<DecoderConfig, 'names' | 'sharesKvBuffer'>>;
  readonly hiddenSize: number;
  readonly numHeads: number;
  /** Tokens that end an answer; empty if the file names none. */
  readonly endTokens: readonly number[];
};

/** Inputs of graphs that are made for something else, and what that is. */
const FOREIGN_INPUTS = {
  inputs_embeds: 'a graph without embeddings, a part of a model for several media',
  block_table: 'a graph with PagedAttention',
  encoder_hidden_states: 'a decoder that needs an encoder',
} as const;

/**
 * Checks the content of a genai_config.json. `path` is for errors: throws `GatewayError` (`unavailable`) that names the field and
 * what is wrong with it.
 */
export function parseGenaiConfig(path: string, content: unknown): GenaiConfig {
  const foreign = foreignKind(content);
  if (foreign !== undefined) {
    throw new GatewayError('unavailable', `${path}: ${foreign} cannot be served; a decoder alone can`);
  }
  const parsed = genaiConfigSchema.safeParse(content);
  if (!parsed.success) throw new GatewayError('unavailable', `${path}: ${z.prettifyError(parsed.error)}`);
  const { model, search } = parsed.data;
  const { decoder } = model;
  const { inputs, outputs } = decoder;
  if (decoder.num_attention_heads % decoder.num_key_value_heads !== 0) {
    const heads = `${decoder.num_attention_heads} attention heads`;
    const problem = `model.decoder.num_key_value_heads: ${heads} cannot share ${decoder.num_key_value_heads}`;
    throw new GatewayError('unavailable', `${path}: ${problem}`);
  }
  return {
    type: model.type,
    fileName: decoder.filename,
    decoder: {
      numLayers: decoder.num_hidden_layers,
      numKvHeads: decoder.num_key_value_heads,
      headDim: decoder.head_size,
      vocabSize: model.vocab_size,
      maxLength: model.context_length,
      sharesKvBuffer: search.past_present_share_buffer,
      names: {
        inputIds: inputs.input_ids,
        attentionMask: inputs.attention_mask,
        positionIds: inputs.position_ids,
        pastKey: inputs.past_key_names,
        pastValue: inputs.past_value_names,
        logits: outputs.logits,
        presentKey: outputs.present_key_names,
        presentValue: outputs.present_value_names,
      },
    },
    hiddenSize: decoder.hidden_size,
    numHeads: decoder.num_attention_heads,
    endTokens: model.eos_token_id ?? [],
  };
}

/** What a graph is that is no decoder of its own, or undefined. The schema would name a missing field, which says less. */
function foreignKind(content: unknown): string | undefined {
  const model = member(content, 'model');
  for (const part of ['encoder', 'vision', 'speech', 'embedding', 'joiner']) {
    if (member(model, part) !== undefined) return `a model with the part "${part}"`;
  }
  const decoder = member(model, 'decoder');
  if (member(decoder, 'pipeline') !== undefined) return 'a decoder in several graphs (a pipeline)';
  const inputs = member(decoder, 'inputs');
  return Object.entries(FOREIGN_INPUTS).find(([input]) => member(inputs, input) !== undefined)?.[1];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
