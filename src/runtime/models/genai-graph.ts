/**
 * The inputs of an ONNX graph and their element types, read from the file without loading the graph: what KV takes is known before
 * any weight is in memory. Walks over the protobuf fields and skips nodes and weights unread.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { GatewayError } from '../errors.ts';

/** ModelProto.graph; GraphProto.input; ValueInfoProto.name and .type; TypeProto.tensor_type; TypeProto.Tensor.elem_type. */
const FIELD = { graph: 7, input: 11, name: 1, type: 2, tensorType: 1, elementType: 1 } as const;

/** By `TensorProto.DataType`. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  10: 'float16',
  16: 'bfloat16',
};

/** Wire types of protobuf; groups (3 and 4) are in no ONNX file. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** A varint has at most 10 bytes; a field begins with two. */
const HEAD_BYTES = 20;

/** A range of the file that holds the fields of one message. */
type Message = { readonly start: number; readonly end: number };
type Field = { readonly number: number; readonly value: number; readonly content: Message };

/**
 * Element type by name of input, `other` for what is no tensor of numbers. Throws `GatewayError` (`unavailable`) when the file is
 * missing or no ONNX graph.
 */
export function readGraphInputs(path: string): ReadonlyMap<string, string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw new GatewayError('unavailable', `${path}: it cannot be read`, { cause });
  }
  try {
    return new GraphFile(path, file).inputs();
  } finally {
    closeSync(file);
  }
}

class GraphFile {
  readonly #path: string;
  readonly #file: number;
  readonly #head = Buffer.alloc(HEAD_BYTES);

  constructor(path: string, file: number) {
    this.#path = path;
    this.#file = file;
  }

  inputs(): ReadonlyMap<string, string> {
    const types = new Map<string, string>();
    const model = { start: 0, end: fstatSync(this.#file).size };
    for (const graph of this.#fields(model, FIELD.graph)) {
      for (const input of this.#fields(graph.content, FIELD.input)) {
        const name = this.#fields(input.content, FIELD.name).next().value;
        if (name !== undefined) types.set(this.#text(name.content), this.#typeOf(input.content));
      }
    }
    if (types.size === 0) throw this.#broken('no ONNX graph with inputs');
    return types;
  }

  #typeOf(input: Message): string {
    for (const type of this.#fields(input, FIELD.type)) {
      for (const tensor of this.#fields(type.content, FIELD.tensorType)) {
        for (const { value } of this.#fields(tensor.content, FIELD.elementType)) return TYPE_NAMES[value] ?? 'other';
      }
    }
    return 'other';
  }

  /** The fields of a message that have this number, in the file's order. */
  *#fields({ start, end }: Message, number: number): Generator<Field, undefined> {
    for (let at = start; at < end; ) {
      const field = this.#field(at, end);
      if (field.number === number) yield field;
      at = field.content.end;
    }
  }

  #field(at: number, end: number): Field {
    const length = readSync(this.#file, this.#head, 0, Math.min(HEAD_BYTES, end - at), at);
    const tag = this.#varint(0, length);
    const wireType = tag.value % 8;
    const number = Math.floor(tag.value / 8);
    const start = at + tag.end;
    if (wireType === VARINT) {
      const { value, end: valueEnd } = this.#varint(tag.end, length);
      return { number, value, content: { start, end: at + valueEnd } };
    }
    if (wireType === FIXED64 || wireType === FIXED32) {
      return { number, value: 0, content: { start, end: this.#checked(start + (wireType === FIXED64 ? 8 : 4), end) } };
    }
    if (wireType !== BYTES) throw this.#broken('no ONNX graph');
    const size = this.#varint(tag.end, length);
    const contentStart = at + size.end;
    return { number, value: 0, content: { start: contentStart, end: this.#checked(contentStart + size.value, end) } };
  }

  /** A number of the head, 7 bits a byte, the low ones first. */
  #varint(start: number, length: number): { value: number; end: number } {
    let value = 0;
    for (let i = start; i < length; i++) {
      const byte = this.#head[i] ?? 0;
      value += (byte & 0x7f) * 2 ** (7 * (i - start));
      if (byte < 0x80) return { value, end: i + 1 };
    }
    throw this.#broken('no ONNX graph, or cut off');
  }

  #text({ start, end }: Message): string {
    const bytes = Buffer.alloc(Math.min(end - start, 1024));
    readSync(this.#file, bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  }

  #checked(fieldEnd: number, messageEnd: number): number {
    if (!(fieldEnd <= messageEnd)) throw this.#broken('no ONNX graph, or cut off');
    return fieldEnd;
  }

  #broken(problem: string): GatewayError {
    return new GatewayError('unavailable', `${this.#path}: ${problem}`);
  }
}
