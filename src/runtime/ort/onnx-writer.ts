/** Writes the bytes of small ONNX graphs: only as much of the format as graphs without weights and attributes need. */
import { ELEMENT_TYPE_CODES, type ElementType } from './tensor.ts';

export type GraphNode = {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
};

/** A size that is a string is open; one name is one size. */
export type GraphTensor = {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
};

export type Graph = {
  readonly opset: number;
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphTensor[];
  readonly outputs: readonly GraphTensor[];
};

/** Of the file format, not of operators. */
const IR_VERSION = 10;

export function writeGraph({ opset, nodes, inputs, outputs }: Graph): Uint8Array {
  const graph = [
    // GraphProto { node = 1, name = 2, input = 11, output = 12 }
    ...nodes.map((node) => message(1, ...nodeFields(node))),
    text(2, 'graph'),
    ...inputs.map((tensor) => message(11, ...tensorFields(tensor))),
    ...outputs.map((tensor) => message(12, ...tensorFields(tensor))),
  ];
  // ModelProto { ir_version = 1, graph = 7, opset_import = 8 { version = 2 } }
  return Buffer.concat([integer(1, IR_VERSION), message(7, ...graph), message(8, integer(2, opset))]);
}

/** NodeProto { input = 1, output = 2, op_type = 4 } */
function nodeFields({ operator, inputs, outputs }: GraphNode): Buffer[] {
  return [...inputs.map((name) => text(1, name)), ...outputs.map((name) => text(2, name)), text(4, operator)];
}

/** ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1, shape = 2 { dim = 1 { dim_value = 1, dim_param = 2 } } } } } */
function tensorFields({ name, type, shape }: GraphTensor): Buffer[] {
  const sizes = shape.map((size) => message(1, typeof size === 'number' ? integer(1, size) : text(2, size)));
  return [text(1, name), message(2, message(1, integer(1, ELEMENT_TYPE_CODES[type]), message(2, ...sizes)))];
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value));
}

function message(field: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function integer(field: number, value: number): Buffer {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** 7 bits a byte, the low ones first. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
