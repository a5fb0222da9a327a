/** Where a gRPC call came from. */
import type { Metadata, ServerUnaryCall } from '@grpc/grpc-js';
import type { Origin } from '../call.ts';
import { readCertificate } from '../security/certificates.ts';

/** What a call and an interceptor of calls have in common. */
type Peer = Pick<ServerUnaryCall<unknown, unknown>, 'getPeer' | 'getAuthContext'>;

/** By metadata, which is the same object from an interceptor to the handler. */
const known = new WeakMap<Metadata, Origin>();

/** The same object for the same call. */
export function grpcOrigin(metadata: Metadata, peer: Peer): Origin {
  const origin = known.get(metadata) ?? {
    protocol: 'grpc',
    // Several values are joined as HTTP joins them, so that none of them is silently the one that counts.
    header: (name) => (metadata.get(name).length === 0 ? undefined : metadata.get(name).join(', ')),
    peer: peer.getPeer(),
    // grpc-js leaves out certificates that no known authority vouches for.
    certificate: () => readCertificate(peer.getAuthContext().sslPeerCertificate),
  };
  known.set(metadata, origin);
  return origin;
}
