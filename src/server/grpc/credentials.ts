/** The server's side of TLS, with a certificate that can be replaced: what grpc-js offers for files it watches itself. */
import { ServerCredentials } from '@grpc/grpc-js';
import type { TlsIdentity } from '../security/tls.ts';

export function credentialsOf(tls: TlsIdentity | undefined, handshakeTimeoutMs: number): ServerCredentials {
  return tls === undefined ? ServerCredentials.createInsecure() : new TlsCredentials(tls, handshakeTimeoutMs);
}

class TlsCredentials extends ServerCredentials {
  constructor(tls: TlsIdentity, handshakeTimeout: number) {
    const { requestCert, rejectUnauthorized, ...context } = tls.serverOptions;
    super({ requestCert, rejectUnauthorized, handshakeTimeout }, context);
    tls.onChange((changed) => this.updateSecureContextOptions(changed));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}
