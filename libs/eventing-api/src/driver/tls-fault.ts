/** What node:tls says of a certificate that no authority we trust has signed. */
const UNTRUSTED: ReadonlySet<string> = new Set([
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** OpenSSL's own, with the reason as the rest of it. */
const OPENSSL = 'ERR_SSL_';
const NO_TLS = 'ERR_SSL_WRONG_VERSION_NUMBER';
/** What a server sends that does not like the certificate that it was shown, or misses one (RFC 8446 section 6.2). */
const ABOUT_OUR_CERTIFICATE =
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_REVOKED|CERTIFICATE_EXPIRED|CERTIFICATE_UNKNOWN|UNKNOWN_CA|NO_CERTIFICATE)$/;

/**
 * Why no TLS connection to a store came up, for people, by the `code` of the error of node:tls: its message either advises on flags of Node.js or quotes OpenSSL's source.
 * Undefined where it is another error, whose message will do.
 */
export function describeTlsFault(code: string | undefined): string | undefined {
  if (code === undefined) return undefined;
  if (UNTRUSTED.has(code)) {
    return `the server's certificate is signed by no authority that is trusted here (ca.crt in the Secret of tls): ${words(code)}`;
  }
  if (code === NO_TLS) return 'the server does not speak TLS at this address';
  if (!code.startsWith(OPENSSL)) return undefined;
  const reason = words(code.slice(OPENSSL.length));
  if (!ABOUT_OUR_CERTIFICATE.test(code)) return `TLS failed: ${reason}`;
  return `the server asks for a client certificate that it trusts (tls.crt and tls.key in the Secret of tls): ${reason}`;
}

function words(code: string): string {
  return code.toLowerCase().replaceAll('_', ' ');
}
