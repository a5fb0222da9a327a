/** google.protobuf.Struct as plain objects, wherever in a message it occurs. */
import type protobuf from 'protobufjs';

type Struct = { readonly fields: Readonly<Record<string, Value>> };
type Value = {
  readonly kind?: 'nullValue' | 'numberValue' | 'stringValue' | 'boolValue' | 'structValue' | 'listValue';
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
};
type Message = Record<string, unknown>;

/** Turns every Struct in a decoded message into a plain object, in place. */
export function plainStructs(type: protobuf.Type, message: object): void {
  for (const { name, repeated, inner } of structPaths(type)) {
    const value = (message as Message)[name];
    if (value === null || value === undefined) continue;
    if (inner === undefined) (message as Message)[name] = fromStruct(value as Struct);
    else for (const item of repeated ? (value as object[]) : [value as object]) plainStructs(inner, item);
  }
}

/** The message with protobuf Structs for its plain objects. Copies what it changes, shares the rest. */
export function protobufStructs(type: protobuf.Type, message: object): object {
  let copy: Message | undefined;
  for (const { name, repeated, inner } of structPaths(type)) {
    const value = (message as Message)[name];
    if (value === null || value === undefined) continue;
    copy ??= { ...message };
    if (inner === undefined) copy[name] = toStruct(value as Record<string, unknown>);
    else if (repeated) copy[name] = (value as object[]).map((item) => protobufStructs(inner, item));
    else copy[name] = protobufStructs(inner, value as object);
  }
  return copy ?? message;
}

/** A field that is a Struct (no `inner`) or holds messages in which there is one. Lists of Structs do not occur. */
type StructPath = { readonly name: string; readonly repeated: boolean; readonly inner?: protobuf.Type };

const paths = new WeakMap<protobuf.Type, readonly StructPath[]>();

/** The fields of a message type that lead to a Struct. The types of proto/lam/v1 do not contain themselves. */
function structPaths(type: protobuf.Type): readonly StructPath[] {
  let found = paths.get(type);
  if (found === undefined) {
    found = type.fieldsArray.flatMap((field): readonly StructPath[] => {
      const { name, repeated, resolvedType } = field.resolve();
      if (resolvedType === null || !('fieldsArray' in resolvedType)) return [];
      if (resolvedType.fullName === '.google.protobuf.Struct') return [{ name, repeated }];
      return structPaths(resolvedType).length === 0 ? [] : [{ name, repeated, inner: resolvedType }];
    });
    paths.set(type, found);
  }
  return found;
}

/** Nested values stay in protobuf's form: arguments may not be nested, so validation only has to see that they are. */
function fromStruct(struct: Struct): Record<string, unknown> {
  const entries = Object.entries(struct.fields).map(([key, value]) => [key, fromValue(value)]);
  return Object.fromEntries(entries);
}

function fromValue(value: Value): unknown {
  // A value of no kind is malformed; null says as much as it does.
  return value.kind === undefined || value.kind === 'nullValue' ? null : value[value.kind as keyof Value];
}

/** Values are those of arguments: strings, numbers and booleans. */
function toStruct(args: Readonly<Record<string, unknown>>): Struct {
  const entries = Object.entries(args).map(([key, value]) => [key, toValue(value)]);
  return { fields: Object.fromEntries(entries) };
}

function toValue(value: unknown): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  return { boolValue: value === true };
}
