/** The message descriptors of proto/lam/v1, read once. Both protocols decode and encode by these and nothing else. */
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { packageRoot } from '../package-root.ts';

/** Root of the import paths in the .proto files. */
export const protoRoot = join(packageRoot, 'proto');
/** Relative to {@link protoRoot}. */
export const protoFiles: readonly string[] = ['lam/v1/action.proto', 'lam/v1/model.proto'];

function loadRoot(): protobuf.Root {
  const root = new protobuf.Root();
  // protobufjs brings google/protobuf/*.proto itself; everything else is ours.
  root.resolvePath = (_origin, target) => (target.startsWith('google/protobuf/') ? target : join(protoRoot, target));
  // keepCase: messages have the spelling of the .proto files, in code as on the wire.
  root.loadSync([...protoFiles], { keepCase: true }).resolveAll();
  return root;
}

const root = loadRoot();

export const predictActionRequest = root.lookupType('lam.v1.PredictActionRequest');
export const predictActionResponse = root.lookupType('lam.v1.PredictActionResponse');
export const listModelsResponse = root.lookupType('lam.v1.ListModelsResponse');
