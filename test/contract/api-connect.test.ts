import { ConnectApiClient } from '../support/connect-client.ts';
import { apiContract } from './api.ts';
import { GRPC_CODES } from './grpc-status.ts';

apiContract({ name: 'connect', connect: (gateway) => new ConnectApiClient(gateway), status: GRPC_CODES });
