/** Messages of protobufjs as the plain objects that HTTP carries: Structs as objects, zero values written out. */
import protobuf from 'protobufjs';

type Fields = Readonly<Record<string, unknown>>;
type Value = {
  readonly kind?: 'nullValue' | 'numberValue' | 'stringValue' | 'boolValue' | 'structValue' | 'listValue';
  readonly stringValue?: string;
  readonly numberValue?: number;
  readonly boolValue?: boolean;
};

const STRUCT = '.google.protobuf.Struct';

/** Absent messages and absent `optional` fields stay absent; everything else that is absent is the type's zero value. */
export function plainMessage(type: protobuf.Type, message: object): object {
  if (type.fullName === STRUCT) return fromStruct(message as { readonly fields?: Readonly<Record<string, Value>> });
  const plain: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    const value = (message as Fields)[field.name];
    if (value === null || value === undefined) continue;
    // What is not in the bytes is on the prototype: for an optional field, and a member of a oneof, that is no value.
    if (field.partOf !== null && !Object.hasOwn(message, field.name)) continue;
    plain[field.name] = mapped(field, value, plainMessage);
  }
  return plain;
}

/** With Structs where the message has objects, and without what is undefined or null. */
export function protobufMessage(type: protobuf.Type, message: object): object {
  if (type.fullName === STRUCT) return toStruct(message as Fields);
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    if (value === null || value === undefined) continue;
    const field = type.fields[name];
    fields[name] = field === undefined ? value : mapped(field, value, protobufMessage);
  }
  return fields;
}

function mapped(field: protobuf.Field, value: unknown, map: (type: protobuf.Type, message: object) => object): unknown {
  const { resolvedType } = field;
  if (!(resolvedType instanceof protobuf.Type)) return value;
  const each = (item: unknown) => (typeof item === 'object' && item !== null ? map(resolvedType, item) : item);
  return field.repeated && Array.isArray(value) ? value.map(each) : each(value);
}

function fromStruct({ fields = {} }: { readonly fields?: Readonly<Record<string, Value>> }): object {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, fromValue(value)]));
}

/** `kind` says which member is in the bytes; the others are zero values on the prototype. Answers nest nothing. */
function fromValue(value: Value): string | number | boolean | null {
  switch (value.kind) {
    case 'stringValue':
    case 'numberValue':
    case 'boolValue':
      return value[value.kind] ?? null;
    default:
      return null;
  }
}

/** Arguments are strings, numbers and booleans; anything else is for the gateway to refuse. */
function toStruct(args: Fields): object {
  const entries = Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => [key, toValue(value)]);
  return { fields: Object.fromEntries(entries) };
}

function toValue(value: unknown): object {
  if (value === null) return { nullValue: 0 };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value as Fields) };
}
