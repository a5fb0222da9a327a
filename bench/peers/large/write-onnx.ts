/**
 * Decoder weights as the ONNX graph of our model folders (models/training/graph.py), with MatMulNBits. Tensors are written
 * one by one: protobuf's own encoder would hold the file in memory twice.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import protobuf from 'protobufjs';
import { BLOCK, type BlockMatrix, type DecoderConfig, type DecoderWeights } from '../weights/decoder-weights.ts';
import { DATA_TYPE, NodeProto, ValueInfoProto } from '../weights/onnx-proto.ts';

const MICROSOFT = 'com.microsoft';
const IR_VERSION = 10;
const OPSET = 21;
/** Of onnx.AttributeProto.AttributeType. */
const ATTRIBUTE = { float: 1, int: 2 } as const;
/** The projection whose output is the graph's. */
const OUTPUT_PATH = '/lm_head';
/** Field numbers of onnx.proto3, shifted behind the wire type of length-delimited fields. */
const TAG = {
  graph: (7 << 3) | 2,
  opset: (8 << 3) | 2,
  producer: (2 << 3) | 2,
  node: (1 << 3) | 2,
  graphName: (2 << 3) | 2,
  initializer: (5 << 3) | 2,
  input: (11 << 3) | 2,
  output: (12 << 3) | 2,
  rawData: (9 << 3) | 2,
  tensorName: (8 << 3) | 2,
} as const;

export type OnnxOptions = {
  /** Of MatMulNBits: 4 computes with 8-bit activations, 1 with float ones. */
  readonly accuracyLevel: 1 | 4;
};

/** `prefill`: the graph that appends blocks of prompts to the KV (see models/training/graph.py), and gives nothing else. */
export type GraphKind = 'decoder' | 'prefill';

/** A piece of the file: made when it is written. */
type Piece = { readonly length: number; readonly bytes: () => Uint8Array };

export function writeOnnx(
  path: string,
  weights: DecoderWeights,
  options: OnnxOptions & { readonly kind?: GraphKind },
): void {
  const graph = new GraphWriter(weights, options).pieces();
  const graphLength = graph.reduce((sum, { length }) => sum + length, 0);
  const head = protobuf.Writer.create();
  head.uint32((1 << 3) | 0).int64(IR_VERSION);
  head.uint32(TAG.producer).string('lam-gateway bench');
  for (const [domain, version] of [
    ['', OPSET],
    [MICROSOFT, 1],
  ] as const) {
    head.uint32(TAG.opset).fork();
    head.uint32((1 << 3) | 2).string(domain);
    head.uint32((2 << 3) | 0).int64(version);
    head.ldelim();
  }
  head.uint32(TAG.graph).uint32(graphLength);
  const file = openSync(path, 'w');
  try {
    writeSync(file, head.finish());
    for (const piece of graph) {
      const bytes = piece.bytes();
      if (bytes.length !== piece.length)
        throw new Error(`a piece of ${bytes.length} bytes was announced as ${piece.length}`);
      writeSync(file, bytes);
    }
  } finally {
    closeSync(file);
  }
}

type NodeOptions = {
  readonly outputs?: readonly string[];
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, number | { readonly float: number }>>;
};

/** Nodes and names are those of models/training/graph.py; see there for the why of each. */
class GraphWriter {
  readonly #weights: DecoderWeights;
  readonly #options: OnnxOptions & { readonly kind?: GraphKind };
  readonly #nodes: Uint8Array[] = [];
  readonly #tensors: Piece[] = [];

  constructor(weights: DecoderWeights, options: OnnxOptions & { readonly kind?: GraphKind }) {
    this.#weights = weights;
    this.#options = options;
  }

  pieces(): Piece[] {
    this.#build();
    const { config } = this.#weights;
    return [
      ...this.#nodes.map((node) => field(TAG.node, node)),
      field(TAG.graphName, Buffer.from('main_graph')),
      ...this.#tensors,
      ...inputsOf(config).map((info) => field(TAG.input, info)),
      ...outputsOf(config, this.#isPrefill).map((info) => field(TAG.output, info)),
    ];
  }

  get #isPrefill(): boolean {
    return this.#options.kind === 'prefill';
  }

  #build(): void {
    const { config, embedding, layers, norm, output } = this.#weights;
    const { hiddenSize, vocabSize, numLayers } = config;
    const lengths = this.#lengths();
    const rotary = this.#rotaryTables();
    const table = this.#floats('model.embed_tokens.weight', embedding, [vocabSize, hiddenSize]);
    let residual = this.#node('/model/embed_tokens/Gather', [table, 'input_ids']);
    let delta: string | undefined;
    let normed = '';
    for (const [i, layer] of layers.entries()) {
      const path = `/model/layers.${i}`;
      [residual, normed] = this.#norm(`${path}/input_layernorm`, [residual, delta], layer.attentionNorm);
      const packed = this.#matmul(`${path}/attn/qkv_proj`, normed, layer.qkv);
      let mixed = this.#attention(i, [packed, '', '', ...pastNames(i), ...lengths, ...rotary]);
      if (i === numLayers - 1) {
        // Nothing behind the last keys and values matters for KV.
        if (this.#isPrefill) return;
        // Only the last position matters behind the last keys and values.
        const last = this.#int64('last_position', [-1]);
        mixed = this.#node(`${path}/attn/last/Gather`, [mixed, last], { attributes: { axis: 1 } });
        residual = this.#node(`${path}/residual/last/Gather`, [residual, last], { attributes: { axis: 1 } });
      }
      delta = this.#matmul(`${path}/attn/o_proj`, mixed, layer.attentionOutput);
      [residual, normed] = this.#norm(`${path}/post_attention_layernorm`, [residual, delta], layer.ffnNorm);
      const gate = this.#matmul(`${path}/mlp/gate_proj`, normed, layer.gate);
      const up = this.#matmul(`${path}/mlp/up_proj`, normed, layer.up);
      const activated = this.#node(`${path}/mlp/act_fn/QuickGelu`, [gate], {
        domain: MICROSOFT,
        attributes: { alpha: { float: 1 } },
      });
      delta = this.#matmul(`${path}/mlp/down_proj`, this.#node(`${path}/mlp/Mul`, [activated, up]), layer.down);
    }
    [residual, normed] = this.#norm('/model/norm', [residual, delta], norm);
    this.#matmul(OUTPUT_PATH, normed, output);
  }

  /** From attention_mask, the length inputs of GroupQueryAttention: keys per row less one, and the mask's width. */
  #lengths(): string[] {
    const path = '/model/attn_mask_reformat';
    const one = this.#int64('one', [1]);
    const total = this.#node(`${path}/ReduceSum`, ['attention_mask', one], { attributes: { keepdims: 0 } });
    const lessOne = this.#node(`${path}/Sub`, [total, one]);
    const toInt32 = { attributes: { to: DATA_TYPE.int32 } };
    const keys = this.#node(`${path}/seqlens_k/Cast`, [lessOne], toInt32);
    const shape = this.#node(`${path}/Shape`, ['attention_mask']);
    const width = this.#node(`${path}/Gather`, [shape, this.#int64('one_scalar', [1], [])], {
      attributes: { axis: 0 },
    });
    return [keys, this.#node(`${path}/total_seq_len/Cast`, [width], toInt32)];
  }

  #rotaryTables(): string[] {
    const { contextLength, headDim, ropeTheta } = this.#weights.config;
    const half = headDim / 2;
    const angle = (i: number) => Math.floor(i / half) * ropeTheta ** (-(i % half) / half);
    const table = (of: (angle: number) => number) =>
      Float32Array.from({ length: contextLength * half }, (_, i) => of(angle(i)));
    const shape = [contextLength, half];
    return [this.#floats('cos_cache', table(Math.cos), shape), this.#floats('sin_cache', table(Math.sin), shape)];
  }

  /** [residual + delta, its normalised copy]. */
  #norm(path: string, [residual, delta]: readonly [string, string | undefined], scale: Float32Array): [string, string] {
    const weight = this.#floats(`${path.slice(1).replaceAll('/', '.')}.weight`, scale, [scale.length]);
    const epsilon = { float: this.#weights.config.normEpsilon };
    if (delta === undefined) {
      const name = `${path}/SimplifiedLayerNormalization`;
      return [residual, this.#node(name, [residual, weight], { attributes: { axis: -1, epsilon, stash_type: 1 } })];
    }
    const name = `${path}/SkipSimplifiedLayerNormalization`;
    const sum = `${name}/output_3`;
    const outputs = [`${name}/output_0`, '', '', sum];
    const options = { outputs, domain: MICROSOFT, attributes: { epsilon } };
    return [sum, this.#node(name, [residual, delta, weight], options)];
  }

  #attention(layer: number, inputs: readonly string[]): string {
    const { numHeads, numKvHeads, headDim } = this.#weights.config;
    const path = `/model/layers.${layer}/attn/GroupQueryAttention`;
    return this.#node(path, inputs, {
      outputs: [`${path}/output_0`, `present.${layer}.key`, `present.${layer}.value`],
      domain: MICROSOFT,
      attributes: {
        num_heads: numHeads,
        kv_num_heads: numKvHeads,
        scale: { float: headDim ** -0.5 },
        do_rotary: 1,
        rotary_interleaved: 0,
      },
    });
  }

  /** x @ matrix^T; `path` ends in the projection's name. */
  #matmul(path: string, x: string, matrix: BlockMatrix): string {
    if (this.#isPrefill) return this.#int8Matmul(path, x, matrix);
    const name = path.slice(1).replaceAll('/', '.');
    const { rows, columns, bits } = matrix;
    const blockBytes = (BLOCK * bits) / 8;
    const quant = `${name}.weight_quant`;
    this.#tensor({
      name: quant,
      dims: [rows, columns / BLOCK, blockBytes],
      type: DATA_TYPE.uint8,
      length: (rows * columns * bits) / 8,
      data: () => packLevels(matrix),
    });
    const scales = this.#floats(`${name}.weight_scale`, matrix.scales, [rows, columns / BLOCK]);
    return this.#node(`${path}/MatMulNBits`, [x, quant, scales], {
      ...(path === OUTPUT_PATH && { outputs: ['logits'] }),
      domain: MICROSOFT,
      attributes: { N: rows, K: columns, bits, block_size: BLOCK, accuracy_level: this.#options.accuracyLevel },
    });
  }

  /** By column symmetric 8-bit integers, and activations rounded by the largest of a run. */
  #int8Matmul(path: string, x: string, matrix: BlockMatrix): string {
    const name = path.slice(1).replaceAll('/', '.');
    const { rows, columns } = matrix;
    const scales = columnScales(matrix);
    const quant = `${name}.weight_int8`;
    const data = () => toColumns(matrix, scales);
    this.#tensor({ name: quant, dims: [columns, rows], type: DATA_TYPE.int8, length: rows * columns, data });
    const scale = this.#floats(`${name}.weight_scale`, scales, [rows]);
    return this.#node(`${path}/DynamicQuantizeMatMul`, [x, quant, scale], { domain: MICROSOFT });
  }

  #node(path: string, input: readonly string[], { outputs, domain = '', attributes = {} }: NodeOptions = {}): string {
    const output = outputs ?? [`${path}/output_0`];
    const attribute = Object.entries(attributes).map(([name, value]) =>
      typeof value === 'number'
        ? { name, i: value, type: ATTRIBUTE.int }
        : { name, f: value.float, type: ATTRIBUTE.float },
    );
    const op_type = path.slice(path.lastIndexOf('/') + 1);
    this.#nodes.push(NodeProto.encode({ input, output, name: path, op_type, attribute, domain }).finish());
    return output[0] ?? '';
  }

  #floats(name: string, values: Float32Array, dims: readonly number[]): string {
    const data = () => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#tensor({ name, dims, type: DATA_TYPE.float, length: values.byteLength, data });
  }

  #int64(name: string, values: readonly number[], dims: readonly number[] = [values.length]): string {
    const array = BigInt64Array.from(values, BigInt);
    const data = () => new Uint8Array(array.buffer);
    return this.#tensor({ name, dims, type: DATA_TYPE.int64, length: array.byteLength, data });
  }

  #tensor({ name, dims, type, length, data }: TensorOptions): string {
    const head = protobuf.Writer.create();
    for (const dim of dims) head.uint32((1 << 3) | 0).int64(dim);
    head.uint32((2 << 3) | 0).int32(type);
    head.uint32(TAG.tensorName).string(name);
    head.uint32(TAG.rawData).uint32(length);
    const tensorHead = head.finish();
    const outer = protobuf.Writer.create();
    outer.uint32(TAG.initializer).uint32(tensorHead.length + length);
    const start = Buffer.concat([outer.finish(), tensorHead]);
    this.#tensors.push({ length: start.length, bytes: () => start }, { length, bytes: data });
    return name;
  }
}

type TensorOptions = {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: number;
  /** Bytes of `data`. */
  readonly length: number;
  readonly data: () => Uint8Array;
};

/** [rows]: what the largest weight of a row is 127 of. */
function columnScales({ rows, columns, levels, scales }: BlockMatrix): Float32Array {
  const largest = new Float32Array(rows);
  for (let i = 0; i < levels.length; i++) {
    const row = Math.floor(i / columns);
    largest[row] = Math.max(largest[row] ?? 0, Math.abs((levels[i] ?? 0) * (scales[Math.floor(i / BLOCK)] ?? 0)));
  }
  return largest.map((value) => value / 127 || 1);
}

/** The matrix transposed, in levels of its columns' own scales. */
function toColumns({ rows, columns, levels, scales }: BlockMatrix, columnScale: Float32Array): Uint8Array {
  const transposed = new Int8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const weight = (levels[i] ?? 0) * (scales[Math.floor(i / BLOCK)] ?? 0);
      transposed[column * rows + row] = Math.round(weight / (columnScale[row] ?? 1));
    }
  }
  return new Uint8Array(transposed.buffer);
}

/** MatMulNBits: unsigned around the middle; of 4-bit levels two to a byte, the even one low. */
function packLevels({ levels, bits }: BlockMatrix): Uint8Array {
  if (bits === 8) return Uint8Array.from(levels, (level) => level + 128);
  const packed = new Uint8Array(levels.length / 2);
  for (let i = 0; i < packed.length; i++) {
    packed[i] = ((levels[2 * i] ?? 0) + 8) | (((levels[2 * i + 1] ?? 0) + 8) << 4);
  }
  return packed;
}

function field(tag: number, content: Uint8Array): Piece {
  const head = protobuf.Writer.create().uint32(tag).uint32(content.length).finish();
  return { length: head.length + content.length, bytes: () => Buffer.concat([head, content]) };
}

function pastNames(layer: number): string[] {
  return [`past_key_values.${layer}.key`, `past_key_values.${layer}.value`];
}

function inputsOf(config: DecoderConfig): Uint8Array[] {
  return [
    valueInfo('input_ids', DATA_TYPE.int64, ['batch_size', 'sequence_length']),
    valueInfo('attention_mask', DATA_TYPE.int64, ['batch_size', 'total_sequence_length']),
    ...caches(config, 'past_key_values', 'past_sequence_length'),
  ];
}

function outputsOf(config: DecoderConfig, isPrefill: boolean): Uint8Array[] {
  const logits = valueInfo('logits', DATA_TYPE.float, ['batch_size', 1, config.vocabSize]);
  return [...(isPrefill ? [] : [logits]), ...caches(config, 'present', 'present_sequence_length')];
}

function caches({ numLayers, numKvHeads, headDim }: DecoderConfig, prefix: string, length: string): Uint8Array[] {
  const shape = ['batch_size', numKvHeads, length, headDim];
  return Array.from({ length: numLayers }, (_, i) =>
    ['key', 'value'].map((kind) => valueInfo(`${prefix}.${i}.${kind}`, DATA_TYPE.float, shape)),
  ).flat();
}

function valueInfo(name: string, elementType: number, shape: readonly (string | number)[]): Uint8Array {
  const dim = shape.map((size) => (typeof size === 'string' ? { dim_param: size } : { dim_value: size }));
  return ValueInfoProto.encode({ name, type: { tensor_type: { elem_type: elementType, shape: { dim } } } }).finish();
}
