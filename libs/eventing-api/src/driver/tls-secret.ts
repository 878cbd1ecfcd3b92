import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';

/** What a Secret of the type `kubernetes.io/tls`, or one with `ca.crt` alone, says; each in PEM. */
export interface TlsSecret {
  /** Whom to trust; absent: the authorities of the system. */
  readonly ca?: string;
  /** The certificate that we show, with its key; absent: none. */
  readonly cert?: string;
  readonly key?: string;
}

const CERTIFICATE = /-----BEGIN ([A-Z0-9 ]*CERTIFICATE)-----[\s\S]*?-----END \1-----/g;

/**
 * Reads `ca.crt`, `tls.crt` and `tls.key` from the values of a Secret. node:tls ignores a `ca.crt` that it cannot read, and tells the rest only when it connects.
 *
 * @param name of the Secret, for messages
 * @throws Error where one of them is not what its name says, or none is there; the message tells no value
 */
export function readTlsSecret(name: string, values: Readonly<Record<string, string>>): TlsSecret {
  const { 'ca.crt': ca, 'tls.crt': cert, 'tls.key': key } = values;
  if (ca === undefined && cert === undefined && key === undefined) {
    throw new Error(`Secret ${name} has none of ca.crt, tls.crt and tls.key`);
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error(`Secret ${name} has one of tls.crt and tls.key; it needs both or neither`);
  }
  if (ca !== undefined) checkCertificates(ca, `ca.crt in Secret ${name}`);
  if (cert === undefined || key === undefined) return ca === undefined ? {} : { ca };
  checkCertificates(cert, `tls.crt in Secret ${name}`);
  checkPair({ cert, key }, name);
  return { ...(ca === undefined ? {} : { ca }), cert, key };
}

function checkCertificates(pem: string, what: string): void {
  const blocks = pem.match(CERTIFICATE) ?? [];
  if (blocks.length === 0) throw new Error(`${what} holds no certificate (PEM)`);
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw new Error(`${what} cannot be read: ${(cause as Error).message}`, { cause });
    }
  }
}

function checkPair(pair: { readonly cert: string; readonly key: string }, name: string): void {
  // node:tls passes over an empty one.
  if (pair.key === '') throw new Error(`tls.key in Secret ${name} is empty`);
  try {
    createSecureContext(pair);
  } catch (cause) {
    const { message, reason = message } = cause as Error & { readonly reason?: string };
    throw new Error(`tls.key in Secret ${name} is no private key (PEM) for tls.crt: ${reason}`, { cause });
  }
}
