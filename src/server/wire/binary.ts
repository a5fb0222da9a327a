/** Protobuf bytes to message and back, with google.protobuf.Struct as plain objects. */
import type protobuf from 'protobufjs';
import { GatewayError } from '../../runtime/index.ts';
import type { ListModelsResponse, PredictActionRequest, PredictActionResponse } from './messages.ts';
import * as schema from './schema.ts';

/** Throws `invalid_request` for bytes that are no such message, among them strings that are not UTF-8. */
export function decodePredictActionRequest(bytes: Uint8Array): PredictActionRequest {
  let message: PredictActionRequest;
  try {
    message = schema.predictActionRequest.decode(bytes) as PredictActionRequest;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid_request', `not a PredictActionRequest message: ${reason}`, { cause });
  }
  for (const previous of (message.previous_actions ?? []) as { args?: unknown }[]) {
    previous.args = previous.args ? fromStruct(previous.args as Struct) : null;
  }
  return message;
}

export function encodePredictActionResponse(response: PredictActionResponse): Buffer {
  const action = { ...response.action, args: toStruct(response.action.args) };
  return finish(schema.predictActionResponse.encode({ ...response, action }));
}

export function encodeListModelsResponse(response: ListModelsResponse): Buffer {
  return finish(schema.listModelsResponse.encode(response));
}

/** In Node the writer's result is a Buffer, whatever its type says. */
function finish(writer: protobuf.Writer): Buffer {
  return writer.finish() as Buffer;
}

type Struct = { readonly fields: Readonly<Record<string, Value>> };
type Value = {
  readonly kind?: 'nullValue' | 'numberValue' | 'stringValue' | 'boolValue' | 'structValue' | 'listValue';
  readonly numberValue?: number;
  readonly stringValue?: string;
  readonly boolValue?: boolean;
};

/** Nested values stay in protobuf's form: arguments may not be nested, so validation only has to see that they are. */
function fromStruct(struct: Struct): Record<string, unknown> {
  const entries = Object.entries(struct.fields).map(([key, value]) => [key, fromValue(value)]);
  return Object.fromEntries(entries);
}

function fromValue(value: Value): unknown {
  // A value of no kind is malformed; null says as much as it does.
  return value.kind === undefined || value.kind === 'nullValue' ? null : value[value.kind as keyof Value];
}

function toStruct(args: Readonly<Record<string, string | number | boolean>>): Struct {
  const entries = Object.entries(args).map(([key, value]) => [key, toValue(value)]);
  return { fields: Object.fromEntries(entries) };
}

function toValue(value: string | number | boolean): Value {
  switch (typeof value) {
    case 'string':
      return { stringValue: value };
    case 'number':
      return { numberValue: value };
    default:
      return { boolValue: value };
  }
}
