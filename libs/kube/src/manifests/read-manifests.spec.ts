import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ManifestError, readManifests } from './read-manifests.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const write = (name: string, text: string) => writeFile(join(folder, name), text);

it('reads the documents of all manifests in the order of the files, and nothing else', async () => {
  await write('2.json', '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"}}');
  await write(
    '1.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n# nothing\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b}\n',
  );
  await write('README.md', 'kind: [');
  await mkdir(join(folder, 'inner.yaml.d'));

  const manifests = await readManifests(folder);

  expect(manifests.map(({ file, object }) => [file, object.kind, object.metadata.name])).toEqual([
    [join(folder, '1.yaml'), 'ConfigMap', 'a'],
    [join(folder, '1.yaml'), 'Secret', 'b'],
    [join(folder, '2.json'), 'ConfigMap', 'c'],
  ]);
});

it.each([
  ['no YAML', 'kind: [', /: .* at line 1, column 8$/],
  ['no object', 'hello', /: a document is not an object$/],
  ['no apiVersion', 'kind: ConfigMap', /: an object has no apiVersion$/],
  ['no kind', 'apiVersion: v1', /: an object has no kind$/],
  ['no name', 'apiVersion: v1\nkind: ConfigMap', /: the ConfigMap has no metadata\.name$/],
])('names the file that has %s, and what is wrong, in one line', async (_, text, message) => {
  await write('broken.yaml', text);

  const error: unknown = await readManifests(folder).catch((reason: unknown) => reason);

  expect(error).toBeInstanceOf(ManifestError);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/^\S+\/broken\.yaml: [^\n]+$/);
});

it('names what it cannot read', async () => {
  await mkdir(join(folder, 'folder.yaml'));

  await expect(readManifests(folder)).rejects.toThrow(`${folder}/folder.yaml: cannot be read (EISDIR)`);
  await expect(readManifests(join(folder, 'none'))).rejects.toThrow(
    `${folder}/none: is no folder of manifests that can be read (ENOENT)`,
  );
});
