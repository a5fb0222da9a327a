/** The descriptors of proto/lam/v1, read once. Both protocols decode and encode by these and nothing else. */
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { InvariantError, invariant } from '../../runtime/index.ts';
import { packageRoot } from '../package-root.ts';

/** Root of the import paths in the .proto files. */
export const protoRoot = join(packageRoot, 'proto');
/** Relative to {@link protoRoot}: the files with services; they import the rest. */
export const protoFiles: readonly string[] = ['lam/v1/action.proto', 'lam/v1/episode.proto', 'lam/v1/model.proto'];

/** How many messages go each way. */
export type MethodKind = 'unary' | 'server_stream' | 'bidi_stream';

export type MethodDescriptor = {
  /** As in a gRPC request: `/lam.v1.ActionService/PredictAction`. */
  readonly path: string;
  readonly kind: MethodKind;
  readonly request: protobuf.Type;
  readonly response: protobuf.Type;
};

function loadRoot(): protobuf.Root {
  const root = new protobuf.Root();
  // protobufjs brings google/protobuf/*.proto itself; everything else is ours.
  root.resolvePath = (_origin, target) => (target.startsWith('google/protobuf/') ? target : join(protoRoot, target));
  // keepCase: messages have the spelling of the .proto files, in code as on the wire.
  root.loadSync([...protoFiles], { keepCase: true }).resolveAll();
  return root;
}

const root = loadRoot();

/** By its name in package lam.v1. Throws if there is no such message. */
export function messageType(name: string): protobuf.Type {
  return root.lookupType(`lam.v1.${name}`);
}

/** What the method of this name takes, in whichever service: no two have one of the same name. Throws if there is none. */
export function requestType(methodName: string): protobuf.Type {
  const services = root.lookup('lam.v1', protobuf.Namespace) as protobuf.Namespace | null;
  for (const service of services?.nestedArray ?? []) {
    const method = service instanceof protobuf.Service ? service.methods[methodName] : undefined;
    if (method?.resolvedRequestType) return method.resolvedRequestType;
  }
  throw new InvariantError(`${methodName} is not in the .proto files`);
}

/** By names in package lam.v1. Throws if the .proto files have no such method. */
export function describeMethod(serviceName: string, methodName: string): MethodDescriptor {
  const method = root.lookupService(`lam.v1.${serviceName}`).methods[methodName];
  const path = `/lam.v1.${serviceName}/${methodName}`;
  invariant(method?.resolvedRequestType && method.resolvedResponseType, `${path} is not in the .proto files`);
  const { requestStream = false, responseStream = false } = method;
  invariant(responseStream || !requestStream, `${path}: no client streams`);
  const kind = requestStream ? 'bidi_stream' : responseStream ? 'server_stream' : 'unary';
  return { path, kind, request: method.resolvedRequestType, response: method.resolvedResponseType };
}
