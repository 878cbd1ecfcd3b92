/** A certificate with its private key (PKCS #8), in PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** Signs certificates for a test; nobody else trusts it. */
export interface TestAuthority {
  /** Its own certificate, in PEM: for whoever is to trust it. */
  readonly ca: string;
  /** A certificate for server and client; servers are known by this name, as `localhost` and as 127.0.0.1. */
  issue(commonName: string): Promise<TestCertificate>;
}

const KEYS = { keyType: 'ec', algorithm: 'sha256' } as const;

/** An authority with a key of its own; two are told apart by their names. */
export async function makeTestAuthority(commonName = 'Test authority'): Promise<TestAuthority> {
  // Slow to load, and not needed by most tests.
  const { generate } = await import('selfsigned');
  const authority = await generate([{ name: 'commonName', value: commonName }], {
    ...KEYS,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return {
    ca: authority.cert,
    issue: async (name) => {
      const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
        ...KEYS,
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'keyUsage', digitalSignature: true, critical: true },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          {
            name: 'subjectAltName',
            altNames: [
              { type: 2, value: name },
              { type: 2, value: 'localhost' },
              { type: 7, ip: '127.0.0.1' },
            ],
          },
        ],
      });
      return { cert, key };
    },
  };
}
