/** lam.v1.ModelService/ListModels */
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { ServerContext } from '../server-context.ts';
import { encodeListModelsResponse } from '../wire/binary.ts';

/** The request has no fields, so there is nothing to decode. */
export function listModels({ actions }: ServerContext): handleUnaryCall<Buffer, Buffer> {
  return (_call, callback) => callback(null, encodeListModelsResponse(actions.listModels()));
}
