import { status } from '@grpc/grpc-js';
import { GrpcApiClient } from '../support/api-clients.ts';
import { apiContract } from './api.ts';

apiContract({
  name: 'gRPC',
  connect: (gateway) => new GrpcApiClient(gateway),
  status: {
    invalid_request: status.INVALID_ARGUMENT,
    context_length: status.INVALID_ARGUMENT,
    model_not_found: status.NOT_FOUND,
    payload_too_large: status.RESOURCE_EXHAUSTED,
    overloaded: status.RESOURCE_EXHAUSTED,
    cancelled: status.CANCELLED,
    internal: status.INTERNAL,
    backend_failed: status.INTERNAL,
    unimplemented: status.UNIMPLEMENTED,
    unavailable: status.UNAVAILABLE,
    deadline_exceeded: status.DEADLINE_EXCEEDED,
  },
});
