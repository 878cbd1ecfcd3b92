// Generated files: what they should hold, by path, against what is there.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const root = join(import.meta.dirname, '../..');

/** Lays a text out as `npm run format` does, so that both agree on the file. */
export async function formatted(path, text) {
  return format(text, { ...(await resolveConfig(join(root, path))), filepath: path });
}

/** The files that are missing or hold something else, and the files of wholly generated folders that are no longer generated. */
export function staleFiles(root, files, folders) {
  const changed = [...files].filter(([path, text]) => textOf(join(root, path)) !== text).map(([path]) => path);
  return [...changed, ...leftOver(root, files, folders)].sort();
}

export function writeFiles(root, files, folders) {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of leftOver(root, files, folders)) rmSync(join(root, path));
}

function leftOver(root, files, folders) {
  const present = folders.flatMap((folder) => namesIn(join(root, folder)).map((name) => join(folder, name)));
  return present.filter((path) => !files.has(path));
}

function namesIn(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
