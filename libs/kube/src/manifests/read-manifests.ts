import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeObject } from '@millrace/eventing-api';
import { parseAllDocuments } from 'yaml';

/** One object of a manifest file, with where it stands. */
export interface Manifest {
  readonly file: string;
  readonly object: KubeObject;
}

/** A manifest that cannot be read; the message names the file and what is wrong. */
export class ManifestError extends Error {
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(`${file}: ${message}`, options);
    this.name = 'ManifestError';
  }
}

/**
 * Every object in the `.yaml`, `.yml` and `.json` files of a folder (not of folders in it), in the order of the file names. Rejects with a
 * `ManifestError` for the folder or the first file that cannot be read.
 */
export async function readManifests(folder: string): Promise<Manifest[]> {
  const files = await manifestFiles(folder);
  return (await Promise.all(files.map(readManifestFile))).flat();
}

/** The paths of the manifest files of a folder, in order. Rejects with a `ManifestError` for a folder that cannot be read. */
export async function manifestFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new ManifestError(folder, `is no folder of manifests that can be read (${codeOf(error)})`, { cause: error });
  });
  const files = names.filter((name) => /\.(ya?ml|json)$/.test(name)).sort();
  return files.map((name) => join(folder, name));
}

/** Every object in one file. Rejects with a `ManifestError`. */
export async function readManifestFile(file: string): Promise<Manifest[]> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new ManifestError(file, `cannot be read (${codeOf(error)})`, { cause: error });
  });
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => {
    const fault = document.errors[0];
    if (fault !== undefined) throw new ManifestError(file, firstLine(fault.message), { cause: fault });
    const value: unknown = document.toJS();
    return value === null ? [] : [{ file, object: asObject(file, value) }];
  });
}

function asObject(file: string, value: unknown): KubeObject {
  const object = value as Partial<KubeObject>;
  if (typeof value !== 'object') throw new ManifestError(file, 'a document is not an object');
  if (typeof object.apiVersion !== 'string') throw new ManifestError(file, 'an object has no apiVersion');
  if (typeof object.kind !== 'string') throw new ManifestError(file, 'an object has no kind');
  if (typeof object.metadata?.name !== 'string') {
    throw new ManifestError(file, `the ${object.kind} has no metadata.name`);
  }
  return object as KubeObject;
}

/** What is wrong and where, without the picture of the place that the parser draws below it. */
function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/:$/, '');
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
