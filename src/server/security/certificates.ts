/** Client certificates as callers. That a known authority signed it is what TLS has checked before. */

/** What is read of a verified certificate. */
export type ClientCertificate = {
  /** Attributes as `CN=desk-17`, in the certificate's order. */
  readonly subject: readonly string[];
  /** Alternative names as `DNS:desk-17.example`, `URI:spiffe://example/desk-17`. */
  readonly altNames: readonly string[];
};

/** One of `subject` and `san` is set; it has to equal an attribute or an alternative name in full. */
export type CertificateRule<T> = {
  readonly subject: string | undefined;
  readonly san: string | undefined;
  readonly owner: T;
};

/** As node:tls hands it on; an attribute that occurs several times is an array. */
export type PeerCertificate = {
  readonly subject?: object;
  readonly subjectaltname?: string;
};

/** Undefined when the client presented none. */
export function readCertificate(peer: PeerCertificate | undefined): ClientCertificate | undefined {
  if (peer?.subject === undefined) return undefined;
  const subject = Object.entries(peer.subject).flatMap(([key, value]) =>
    [value].flat().map((part) => `${key}=${String(part)}`),
  );
  return { subject, altNames: splitAltNames(peer.subjectaltname ?? '') };
}

export function findCertificate<T>(
  rules: readonly CertificateRule<T>[],
  certificate: ClientCertificate,
): T | undefined {
  const { subject, altNames } = certificate;
  return rules.find((rule) =>
    rule.subject === undefined ? altNames.includes(rule.san ?? '') : subject.includes(rule.subject),
  )?.owner;
}

/** Node writes a name that holds a comma or a quote as a JSON string: no rule matches one, rather than a part of it. */
function splitAltNames(text: string): readonly string[] {
  return text.includes('"') ? [] : text.split(', ');
}
