/** The gRPC transport, an entry of its own (`lam-gateway/client/grpc`): only who uses it needs Node and grpc-js. */
export { type GrpcTransportOptions, grpcTransport } from './grpc/transport.ts';
