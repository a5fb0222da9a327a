import { GrpcApiClient } from '../support/api-clients.ts';
import { apiContract } from './api.ts';
import { GRPC_CODES } from './grpc-status.ts';

apiContract({ name: 'gRPC', connect: (gateway) => new GrpcApiClient(gateway), status: GRPC_CODES });
