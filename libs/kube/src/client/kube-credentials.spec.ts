import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { CONFIG_MAP } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendJson, sendStatus } from '@millrace/testing';
import { createKubeClient } from './http-kube-client.js';
import type { KubeClient } from './kube-client.types.js';
import { KubeConnectionError } from './kube-errors.js';

const TLS = join(import.meta.dirname, '../../test/tls');

let server: Server;
let folder: string;
let clients: KubeClient[];
/** What the API saw of who we are, by request. */
let seen: { certificate: string | undefined; authorization: string | undefined }[];
/** Authorization that is refused with 401. */
let refused: string | undefined;

beforeEach(async () => {
  clients = [];
  seen = [];
  refused = undefined;
  folder = await mkdtemp(join(tmpdir(), 'kube-credentials-'));
  const [key, cert, ca] = await Promise.all(
    ['server.key', 'server.crt', 'ca.crt'].map((name) => readFile(join(TLS, name))),
  );
  server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const { authorization } = request.headers;
    const socket = request.socket as TLSSocket;
    const certificate = socket.authorized ? String(socket.getPeerCertificate().subject.CN) : undefined;
    seen.push({ certificate, authorization });
    if (authorization !== undefined && authorization === refused) sendStatus(response, 401, 'Unauthorized', 'who?');
    else sendJson(response, 200, { kind: 'List', metadata: {}, items: [] });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  for (const client of clients) await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

async function connect(user: object, cluster: object = {}): Promise<KubeClient> {
  const kubeconfig = join(folder, 'kubeconfig');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = {
    clusters: [{ name: 'c', cluster: { server: url, 'certificate-authority': join(TLS, 'ca.crt'), ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  await writeFile(kubeconfig, JSON.stringify(config));
  const client = createKubeClient({ kubeconfig, userAgent: 'spec' });
  clients.push(client);
  return client;
}

describe('credentials', () => {
  it('trusts the authority of the kubeconfig and shows a client certificate, from files or inline', async () => {
    const files = await connect({
      'client-certificate': join(TLS, 'client.crt'),
      'client-key': join(TLS, 'client.key'),
    });
    await files.list(CONFIG_MAP);
    const inline = await connect({
      'client-certificate-data': await readFile(join(TLS, 'client.crt'), 'base64'),
      'client-key-data': await readFile(join(TLS, 'client.key'), 'base64'),
    });
    await inline.list(CONFIG_MAP);
    expect(seen.map(({ certificate }) => certificate)).toEqual(['kube-test-client', 'kube-test-client']);
  });

  it('refuses a server that the authority did not sign, unless told to skip that', async () => {
    const strict = await connect({ token: 't' }, { 'certificate-authority': join(TLS, 'client.crt') });
    await expect(strict.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
    expect(seen).toEqual([]);
    const careless = await connect(
      { token: 't' },
      { 'certificate-authority': undefined, 'insecure-skip-tls-verify': true },
    );
    await careless.list(CONFIG_MAP);
    expect(seen).toHaveLength(1);
  });

  it('checks the name that the kubeconfig gives for the server', async () => {
    const right = await connect({ token: 't' }, { 'tls-server-name': 'kube.test' });
    await right.list(CONFIG_MAP);
    const wrong = await connect({ token: 't' }, { 'tls-server-name': 'other.test' });
    await expect(wrong.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
  });

  it('sends a bearer token or user name and password', async () => {
    await (await connect({ token: 'secret' })).list(CONFIG_MAP);
    await (await connect({ username: 'me', password: 'pw' })).list(CONFIG_MAP);
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer secret', 'Basic bWU6cHc=']);
  });

  it('follows a token file, as the one of a service account, that is written anew', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, 'first\n');
    const client = await connect({ 'auth-provider': { name: 'tokenFile', config: { tokenFile } } });
    await client.list(CONFIG_MAP);
    await writeFile(tokenFile, 'second\n');
    await client.list(CONFIG_MAP);
    vi.advanceTimersByTime(61_000);
    await client.list(CONFIG_MAP);
    vi.useRealTimers();
    expect(seen.map(({ authorization }) => authorization)).toEqual(['Bearer first', 'Bearer first', 'Bearer second']);
  });

  it('asks a credential plugin once, and again when the API no longer accepts what it said', async () => {
    const plugin = join(folder, 'plugin.sh');
    const count = join(folder, 'count');
    await writeFile(count, '');
    await writeFile(
      plugin,
      `#!/bin/sh\nprintf x >> ${count}\necho "{\\"status\\":{\\"token\\":\\"token-$(wc -c < ${count} | tr -d ' ')\\"}}"\n`,
    );
    await chmod(plugin, 0o755);
    const client = await connect({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, args: [] },
    });
    await client.list(CONFIG_MAP);
    await client.list(CONFIG_MAP);
    refused = 'Bearer token-1';
    await expect(client.list(CONFIG_MAP)).rejects.toMatchObject({ code: 401 });
    await client.list(CONFIG_MAP);
    expect(seen.map(({ authorization }) => authorization)).toEqual([
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-2',
    ]);
  });

  it('reports a credential plugin that fails as lost connection, and tries it again', async () => {
    const plugin = join(folder, 'plugin.sh');
    const client = await connect({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, args: [] },
    });
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(KubeConnectionError);
    await writeFile(plugin, '#!/bin/sh\necho \'{"status":{"token":"late"}}\'\n');
    await chmod(plugin, 0o755);
    await client.list(CONFIG_MAP);
    expect(seen).toEqual([{ certificate: undefined, authorization: 'Bearer late' }]);
  });

  it('sends nothing in the clear unless the kubeconfig allows it', async () => {
    const client = await connect({ token: 'secret' }, { server: 'http://127.0.0.1:1' });
    await expect(client.list(CONFIG_MAP)).rejects.toThrow(/is not TLS/);
  });
});
