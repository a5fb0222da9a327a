/** Writes GGUF files, version 3 (ggml, docs/gguf.md): metadata, tensor directory, aligned tensor data. Knows no model. */
import { closeSync, openSync, writeSync } from 'node:fs';

export type GgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s'; readonly value: readonly number[] };

/** Element types of ggml that are written here, by their number in the file. */
export const GGML_TYPE = { F32: 0, Q4_0: 2, Q8_0: 8 } as const;

export type GgufTensor = {
  readonly name: string;
  /** ggml's order: the length of a row first. */
  readonly dimensions: readonly number[];
  readonly type: (typeof GGML_TYPE)[keyof typeof GGML_TYPE];
  readonly numBytes: number;
  /** Made when it is written, so that one tensor at a time is held twice. */
  readonly data: () => Uint8Array;
};

const VALUE_TYPE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8 } as const;
const ARRAY_TYPE = 9;
const ALIGNMENT = 32;
const VERSION = 3;

export function writeGguf(
  path: string,
  metadata: Readonly<Record<string, GgufValue>>,
  tensors: readonly GgufTensor[],
): void {
  const header = new ByteWriter();
  header.bytes(Buffer.from('GGUF'));
  header.uint32(VERSION);
  header.uint64(tensors.length);
  header.uint64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    header.string(key);
    writeValue(header, value);
  }
  let offset = 0;
  for (const tensor of tensors) {
    header.string(tensor.name);
    header.uint32(tensor.dimensions.length);
    for (const length of tensor.dimensions) header.uint64(length);
    header.uint32(tensor.type);
    header.uint64(offset);
    offset += aligned(tensor.numBytes);
  }
  const file = openSync(path, 'w');
  try {
    const head = header.toBytes();
    writeSync(file, padded(head));
    for (const tensor of tensors) {
      const data = tensor.data();
      if (data.length !== tensor.numBytes)
        throw new Error(`${tensor.name}: ${data.length} bytes, not ${tensor.numBytes}`);
      writeSync(file, padded(data));
    }
  } finally {
    closeSync(file);
  }
}

function writeValue(out: ByteWriter, entry: GgufValue): void {
  switch (entry.type) {
    case 'uint32':
    case 'int32':
      out.uint32(VALUE_TYPE[entry.type]);
      out.uint32(entry.value >>> 0);
      break;
    case 'float32':
      out.uint32(VALUE_TYPE.float32);
      out.float32(entry.value);
      break;
    case 'bool':
      out.uint32(VALUE_TYPE.bool);
      out.bytes(Uint8Array.of(entry.value ? 1 : 0));
      break;
    case 'string':
      out.uint32(VALUE_TYPE.string);
      out.string(entry.value);
      break;
    case 'strings':
      out.uint32(ARRAY_TYPE);
      out.uint32(VALUE_TYPE.string);
      out.uint64(entry.value.length);
      for (const item of entry.value) out.string(item);
      break;
    case 'int32s':
      out.uint32(ARRAY_TYPE);
      out.uint32(VALUE_TYPE.int32);
      out.uint64(entry.value.length);
      for (const item of entry.value) out.uint32(item >>> 0);
      break;
  }
}

/** Little-endian bytes that grow. */
class ByteWriter {
  readonly #parts: Uint8Array[] = [];

  bytes(part: Uint8Array): void {
    this.#parts.push(part);
  }
  uint32(value: number): void {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    this.#parts.push(part);
  }
  float32(value: number): void {
    const part = Buffer.alloc(4);
    part.writeFloatLE(value);
    this.#parts.push(part);
  }
  uint64(value: number): void {
    const part = Buffer.alloc(8);
    part.writeBigUInt64LE(BigInt(value));
    this.#parts.push(part);
  }
  string(value: string): void {
    const part = Buffer.from(value);
    this.uint64(part.length);
    this.bytes(part);
  }
  toBytes(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function padded(data: Uint8Array): Uint8Array {
  const length = aligned(data.length);
  if (length === data.length) return data;
  const result = new Uint8Array(length);
  result.set(data);
  return result;
}
