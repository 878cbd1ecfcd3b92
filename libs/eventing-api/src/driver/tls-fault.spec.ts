import { once } from 'node:events';
import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net';
import { connect, createServer, type ConnectionOptions, type TlsOptions } from 'node:tls';
import { makeTestAuthority } from '@millrace/brokers';
import { expect, it, onTestFinished } from 'vitest';
import { describeTlsFault } from './tls-fault.js';

const authority = await makeTestAuthority('One');
const other = await makeTestAuthority('Other');
const { cert, key } = await authority.issue('store');
const { ca } = authority;

it.each<[string, TlsOptions, ConnectionOptions, string]>([
  ['an authority that is not ours', {}, { ca: other.ca }, 'no authority that is trusted here (ca.crt in'],
  ['an authority that the system does not know', {}, {}, 'no authority that is trusted here (ca.crt in'],
  ['a client without a certificate', { requestCert: true, ca }, { ca }, 'asks for a client certificate that it trusts'],
  [
    'no version in common',
    { maxVersion: 'TLSv1.2' },
    { ca, minVersion: 'TLSv1.3' },
    'TLS failed: tlsv1 alert protocol',
  ],
])('tells of %s', async (_what, server, client, words) => {
  const said = describeTlsFault(await codeOf(createServer({ cert, key, ...server }), client));
  expect(said).toContain(words);
  expect(said).not.toMatch(/openssl|Node\.js/);
});

it('tells of a server that does not speak TLS', async () => {
  const server = createPlainServer((socket) => socket.end('INFO {}\r\n'));
  expect(describeTlsFault(await codeOf(server, { ca }))).toBe('the server does not speak TLS at this address');
});

it('has nothing to say of a name that does not fit, which the message tells, nor of other errors', async () => {
  const code = await codeOf(createServer({ cert, key }), { ca, servername: 'elsewhere' });
  expect(code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  for (const known of [code, 'ECONNREFUSED', undefined]) expect(describeTlsFault(known)).toBeUndefined();
});

/** Of the error that a client of this server gets. */
async function codeOf(server: Server, client: ConnectionOptions): Promise<string | undefined> {
  server.on('tlsClientError', () => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, ...client });
  const [error] = (await once(socket.resume(), 'error')) as [NodeJS.ErrnoException];
  return error.code;
}
