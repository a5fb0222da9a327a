/** The .proto files of this package, and their messages as plain objects. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import protobuf from 'protobufjs';
import { LamClientError } from '../errors.ts';
import type { Method } from '../methods.ts';
import { plainMessage, protobufMessage } from './plain.ts';

export type Codec = {
  /** `/lam.v1.ActionService/PredictAction` */
  readonly path: string;
  /** Throws `invalid_request` for what is no such message. */
  readonly encode: (message: object) => Buffer;
  readonly decode: (bytes: Uint8Array) => object;
};

/** From source, from dist/ and from any other build folder. */
function findProtoRoot(from: string): string {
  const root = join(from, 'proto');
  if (existsSync(join(root, 'lam'))) return root;
  const parent = dirname(from);
  if (parent === from) throw new Error(`no proto/lam above ${import.meta.dirname}`);
  return findProtoRoot(parent);
}

let loaded: protobuf.Root | undefined;

function schema(): protobuf.Root {
  if (loaded !== undefined) return loaded;
  const protoRoot = findProtoRoot(import.meta.dirname);
  const root = new protobuf.Root();
  // protobufjs brings google/protobuf/*.proto itself; everything else is ours.
  root.resolvePath = (_origin, target) => (target.startsWith('google/protobuf/') ? target : join(protoRoot, target));
  const files = ['lam/v1/action.proto', 'lam/v1/episode.proto', 'lam/v1/model.proto'];
  root.loadSync(files, { keepCase: true }).resolveAll();
  loaded = root;
  return root;
}

const codecs = new Map<string, Codec>();

export function codecOf({ service, name }: Method): Codec {
  const path = `/lam.v1.${service}/${name}`;
  let codec = codecs.get(path);
  if (codec === undefined) {
    codec = makeCodec(path, schema().lookupService(`lam.v1.${service}`).methods[name]);
    codecs.set(path, codec);
  }
  return codec;
}

function makeCodec(path: string, method: protobuf.Method | undefined): Codec {
  const request = method?.resolvedRequestType;
  const response = method?.resolvedResponseType;
  if (!request || !response) throw new Error(`${path} is not in the .proto files`);
  return {
    path,
    encode(message) {
      const problem = request.verify(protobufMessage(request, message));
      if (problem !== null) throw new LamClientError('invalid_request', problem);
      // In Node the writer's result is a Buffer, whatever its type says.
      return request.encode(protobufMessage(request, message)).finish() as Buffer;
    },
    decode(bytes) {
      try {
        return plainMessage(response, response.decode(bytes));
      } catch (cause) {
        throw new LamClientError('invalid_response', `the answer is no ${response.name}`, { cause });
      }
    },
  };
}
