import { makeTestAuthority } from '@millrace/brokers';
import { describe, expect, it } from 'vitest';
import { readTlsSecret } from './tls-secret.js';

const authority = await makeTestAuthority();
const ours = await authority.issue('millrace');
const theirs = await authority.issue('somebody else');

describe('a Secret for TLS', () => {
  it.each([
    ['an authority', { 'ca.crt': authority.ca }, { ca: authority.ca }],
    ['several authorities, with words between', { 'ca.crt': `one\n${authority.ca}two\n${authority.ca}` }, {}],
    ['a certificate and its key', { 'tls.crt': ours.cert, 'tls.key': ours.key }, ours],
    ['all of it', { 'ca.crt': authority.ca, 'tls.crt': ours.cert, 'tls.key': ours.key }, { ca: authority.ca, ...ours }],
  ])('may hold %s', (_what, values, read) => {
    expect(readTlsSecret('kafka-tls', values)).toMatchObject(read);
  });

  it.each([
    ['nothing of the kind', { 'ca.pem': authority.ca }, 'has none of ca.crt, tls.crt and tls.key'],
    ['a certificate without a key', { 'tls.crt': ours.cert }, 'has one of tls.crt and tls.key'],
    ['what is no certificate', { 'ca.crt': 'secret' }, 'ca.crt in Secret kafka-tls holds no certificate'],
    ['a broken certificate', { 'ca.crt': broken(authority.ca) }, 'ca.crt in Secret kafka-tls cannot be read'],
    [
      'the key of another',
      { 'tls.crt': ours.cert, 'tls.key': theirs.key },
      'tls.key in Secret kafka-tls is no private',
    ],
    ['an empty key', { 'tls.crt': ours.cert, 'tls.key': '' }, 'tls.key in Secret kafka-tls is empty'],
    ['what is no key', { 'tls.crt': ours.cert, 'tls.key': 'secret' }, 'tls.key in Secret kafka-tls is no private key'],
  ])('that holds %s is refused by name', (_what, values, words) => {
    expect(() => readTlsSecret('kafka-tls', values)).toThrow(words);
    expect(() => readTlsSecret('kafka-tls', values)).not.toThrow(/secret/);
  });
});

function broken(pem: string): string {
  return pem.replace(/\n[^-]+\n/, '\nsecret\n');
}
