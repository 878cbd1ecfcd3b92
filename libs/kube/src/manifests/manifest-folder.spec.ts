import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type KubeObject } from '@millrace/eventing-api';
import { configMap, eventually, KubeTestServer, RecordingLogger, sendJson } from '@millrace/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { ManifestFolder } from './manifest-folder.js';

const COLLECTION = '/api/v1/namespaces/default/configmaps';
const WARNING = 'warn: A changed manifest was not applied';

let server: KubeTestServer;
let client: KubeClient;
let directory: string;
let logger: RecordingLogger;
let folder: ManifestFolder;

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec/1.0' });
  server.intercept = ({ path }, response) => {
    if (path !== '/api/v1' && !path.startsWith('/apis/')) return false;
    const kinds = path === '/api/v1' ? [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: [] }] : [];
    sendJson(response, 200, { resources: kinds });
    return true;
  };
  directory = await mkdtemp(join(tmpdir(), 'millrace-'));
  logger = new RecordingLogger();
  folder = new ManifestFolder({ client, folder: directory, clock: systemClock, logger });
});
afterEach(async () => {
  folder.stop();
  await client.close();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFile(join(directory, name), text);
const manifest = (name: string, value: string) => JSON.stringify(configMap(name, value));
const created = () => server.requestsOf('POST', COLLECTION).map(({ body }) => (body as KubeObject).metadata.name);
const patches = (name: string) => server.requestsOf('PATCH', `${COLLECTION}/${name}`).map(({ body }) => body);

it('applies every manifest, in the order of the files', async () => {
  await write('2.json', manifest('b', 'one'));
  await write('1.json', manifest('a', 'one'));

  await folder.apply();

  expect(created()).toEqual(['a', 'b']);
});

it('applies an object as it is adapted', async () => {
  const adapt = (object: KubeObject): KubeObject => ({ ...object, metadata: { ...object.metadata, name: 'b' } });
  await write('1.json', manifest('a', 'one'));

  await new ManifestFolder({ client, folder: directory, clock: systemClock, logger, adapt }).apply();

  expect(created()).toEqual(['b']);
});

it.each([
  ['is no YAML', 'kind: ['],
  ['names a kind that is not served', '{"apiVersion":"none.dev/v1","kind":"Thing","metadata":{"name":"x"}}'],
])('says in one sentence which file %s', async (_, text) => {
  await write('broken.yaml', text);

  await expect(folder.apply()).rejects.toThrow(/^\S+\/broken\.yaml: [^\n]+$/);
});

it('applies nothing where a file cannot be read', async () => {
  await write('1.json', manifest('a', 'one'));
  await write('2.yaml', 'kind: [');

  await expect(folder.apply()).rejects.toThrow('2.yaml');

  expect(created()).toEqual([]);
});

it('applies a file that was changed or added while it watches', async () => {
  await write('1.json', manifest('a', 'one'));
  await folder.apply();
  folder.watch();

  await write('1.json', manifest('a', 'two'));
  await write('2.json', manifest('b', 'one'));

  await eventually(() => {
    expect(patches('a')).toMatchObject([{ data: { value: 'two' } }]);
    expect(created()).toEqual(['a', 'b']);
  });
  expect(logger.lines).not.toContain(WARNING);
});

it('warns of a file that is bad while it watches, and applies the others', async () => {
  folder.watch();

  await write('1.yaml', 'kind: [');
  await write('2.json', '{"apiVersion":"none.dev/v1","kind":"Thing","metadata":{"name":"x"}}');
  await write('3.json', manifest('a', 'one'));

  await eventually(() => expect(created()).toEqual(['a']));
  expect(logger.lines.filter((line) => line === WARNING)).toHaveLength(2);
  const told = logger.fields.map(({ error }) => String(error)).join('\n');
  expect(told).toMatch(/1\.yaml: .*\n.*2\.json: no kind "Thing" is served/);
});

it('leaves the objects of a file that goes away', async () => {
  await write('1.json', manifest('a', 'one'));
  await folder.apply();
  folder.watch();

  await rm(join(directory, '1.json'));
  await write('2.json', manifest('b', 'one'));

  await eventually(() => expect(created()).toEqual(['a', 'b']));
  expect(server.requestsOf('DELETE', `${COLLECTION}/a`)).toEqual([]);
});
