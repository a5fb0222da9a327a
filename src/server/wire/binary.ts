/** Protobuf bytes to message and back, with google.protobuf.Struct as plain objects. */
import type protobuf from 'protobufjs';
import { GatewayError } from '../../runtime/index.ts';
import { plainStructs, protobufStructs } from './struct.ts';

/** Throws `invalid_request` for bytes that are no such message, among them strings that are not UTF-8. */
export function decodeBinary(type: protobuf.Type, bytes: Uint8Array): object {
  let message: object;
  try {
    message = type.decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatewayError('invalid_request', `not a ${type.name} message: ${reason}`, { cause });
  }
  plainStructs(type, message);
  return message;
}

export function encodeBinary(type: protobuf.Type, message: object): Buffer {
  // In Node the writer's result is a Buffer, whatever its type says.
  return type.encode(protobufStructs(type, message)).finish() as Buffer;
}
