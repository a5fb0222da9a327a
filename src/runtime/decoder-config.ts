/** Sizes of a decoder and the names of what its graph takes and gives: what a model folder says, and a runner needs. */

/** Sizes of a decoder, from its model folder. */
export type DecoderConfig = {
  readonly numLayers: number;
  readonly numKvHeads: number;
  readonly headDim: number;
  readonly vocabSize: number;
  /** Positions per slot; at most the context length that the graph was exported for. */
  readonly maxLength: number;
  /** Default {@link DEFAULT_NAMES}. */
  readonly names?: DecoderNames;
  /**
   * Whether the graph appends to the past's own buffer (GroupQueryAttention does), or gives a present that is longer than the
   * past. Default true.
   */
  readonly sharesKvBuffer?: boolean;
};

/** Names of the graph's inputs and outputs. In those of KV, `%d` is the number of the layer. */
export type DecoderNames = {
  readonly inputIds: string;
  readonly attentionMask: string;
  readonly positionIds: string;
  readonly pastKey: string;
  readonly pastValue: string;
  readonly logits: string;
  readonly presentKey: string;
  readonly presentValue: string;
};

/** What onnxruntime-genai's model builder writes. */
export const DEFAULT_NAMES: DecoderNames = {
  inputIds: 'input_ids',
  attentionMask: 'attention_mask',
  positionIds: 'position_ids',
  pastKey: 'past_key_values.%d.key',
  pastValue: 'past_key_values.%d.value',
  logits: 'logits',
  presentKey: 'present.%d.key',
  presentValue: 'present.%d.value',
};

/** What KV consists of. */
export type KvType = 'float32' | 'float16' | 'bfloat16';

/** Names of one KV tensor: as the graph reads it and as it writes it. */
export type KvNames = { readonly past: string; readonly present: string };

/** In the order of the KV buffers: key and value of layer 0, of layer 1, ... */
export function kvNames({ numLayers, names = DEFAULT_NAMES }: DecoderConfig): readonly KvNames[] {
  const { pastKey, pastValue, presentKey, presentValue } = names;
  return Array.from({ length: numLayers }, (_, layer) => [
    { past: withLayer(pastKey, layer), present: withLayer(presentKey, layer) },
    { past: withLayer(pastValue, layer), present: withLayer(presentValue, layer) },
  ]).flat();
}

function withLayer(pattern: string, layer: number): string {
  return pattern.replace('%d', String(layer));
}
