// Writes objects into the store of a data directory and says which ones are acknowledged, until it is killed.
import { writeSync } from 'node:fs';
import { runnerImport } from 'vite';

const { module } = await runnerImport(new URL('../src/storage/object-store.ts', import.meta.url).pathname);
const store = module.ObjectStore.open(process.argv[2], { now: () => Date.now() });
for (let i = 0; ; i++) {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `n${i}`, uid: `u${i}` },
    data: { i: `${i}` },
  };
  const { object: stored } = store.create('configmaps', object);
  writeSync(1, `${stored.metadata.name} ${stored.metadata.resourceVersion}\n`);
}
