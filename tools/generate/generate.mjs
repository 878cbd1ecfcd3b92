// `npm run generate`: writes the files that are generated from the builds; with --check it only says which are not current, and fails then.
import { join } from 'node:path';
import { formatted, staleFiles, writeFiles } from './files.mjs';

const root = join(import.meta.dirname, '../..');
const GENERATORS = ['custom-resource-definitions', 'settings', 'conditions', 'errors', 'metrics', 'conformance'];
/** Folders in which every file is generated. */
const FOLDERS = ['libs/eventing-api/crds'];

const files = new Map();
try {
  for (const name of GENERATORS) {
    const { generate } = await import(`./${name}.mjs`);
    for (const [path, text] of Object.entries(await generate())) files.set(path, await formatted(path, text));
  }
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
  process.stderr.write('There are no builds to generate from, or not all of them: run "npm run build" first.\n');
  process.exit(1);
}
if (process.argv.includes('--check')) {
  const stale = staleFiles(root, files, FOLDERS);
  if (stale.length > 0) {
    process.stderr.write(`Not current, run "npm run generate":\n${stale.map((path) => `  ${path}\n`).join('')}`);
    process.exit(1);
  }
} else {
  writeFiles(root, files, FOLDERS);
}
