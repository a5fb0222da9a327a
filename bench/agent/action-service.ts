/** lam.v1.ActionService as the .proto file has it, for clients that know nothing of the gateway's code. */
import * as protoLoader from '@grpc/proto-loader';

/** Everything in action.proto, with its own field names; fields that are absent have their defaults. */
export function loadActionProto(): protoLoader.PackageDefinition {
  return protoLoader.loadSync('lam/v1/action.proto', { includeDirs: ['proto'], keepCase: true, defaults: true });
}

/** Path, serializer and deserializer of PredictAction. */
export function predictActionMethod(): protoLoader.MethodDefinition<object, object> {
  const service = loadActionProto()['lam.v1.ActionService'] as protoLoader.ServiceDefinition | undefined;
  const method = service?.['PredictAction'];
  if (method === undefined) throw new Error('action.proto has no PredictAction');
  return method;
}
