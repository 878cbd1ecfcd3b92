import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';

/** The annotation in which client-side apply keeps what was applied last, so that a field taken out of a manifest is taken out of the object (kubectl apply). */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

const STRICT = { fieldValidation: 'Strict' } as const;

export type ApplyOutcome = 'created' | 'configured' | 'unchanged';

/** The API does not serve the kind of a manifest. */
export class UnknownKindError extends Error {
  constructor(apiVersion: string, kind: string) {
    super(`no kind "${kind}" is served in apiVersion "${apiVersion}"`);
    this.name = 'UnknownKindError';
  }
}

/**
 * Brings an object to what a manifest says, as `kubectl apply` does: fields that the manifest does not name are left to others, fields
 * that it no longer names are removed, fields that it names and others have changed are changed back, fields that the schema does not know are refused. Rejects with `UnknownKindError`, or as
 * `KubeClient` does.
 */
export async function applyObject(client: KubeClient, manifest: KubeObject): Promise<ApplyOutcome> {
  const kind = await client.resolveKind(manifest.apiVersion, manifest.kind);
  if (kind === undefined) throw new UnknownKindError(manifest.apiVersion, manifest.kind);
  const { name = '', namespace } = manifest.metadata;
  const key = kind.namespaced ? { name, namespace: namespace ?? 'default' } : { name };
  const desired = withLastApplied({ ...manifest, metadata: { ...manifest.metadata, ...key } });
  const current = await client.get(kind, key);
  if (current === undefined) {
    await client.create(kind, desired, STRICT);
    return 'created';
  }
  const patch = mergePatch(previouslyApplied(current), desired);
  if (changesNothing(patch, current)) return 'unchanged';
  const patched = await client.patch(kind, key, 'application/merge-patch+json', patch, STRICT);
  // Defaults within lists look like a difference, and the API fills them in again.
  return patched.metadata.resourceVersion === current.metadata.resourceVersion ? 'unchanged' : 'configured';
}

function withLastApplied(manifest: KubeObject): KubeObject {
  const { annotations = {} } = manifest.metadata;
  const applied = goJson({ ...manifest, metadata: { ...manifest.metadata, annotations } });
  return { ...manifest, metadata: { ...manifest.metadata, annotations: { ...annotations, [LAST_APPLIED]: applied } } };
}

/** JSON as Go writes it, byte by byte: kubectl compares texts, and says "configured" where they differ. */
function goJson(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (isRecord(part) ? sortedByKey(part) : part));
  return `${text.replace(/[<>&\u2028\u2029]/g, unicodeEscape)}\n`;
}

function sortedByKey(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function lastApplied(object: KubeObject): string | undefined {
  return object.metadata.annotations?.[LAST_APPLIED];
}

function previouslyApplied(object: KubeObject): unknown {
  const text = lastApplied(object);
  return text === undefined ? {} : JSON.parse(text);
}

/** What to send so that `desired` holds and what only `previous` named is gone (RFC 7396: null removes). */
function mergePatch(previous: unknown, desired: unknown): unknown {
  if (!isRecord(previous) || !isRecord(desired)) return desired;
  const removed = Object.keys(previous).filter((field) => !(field in desired));
  return {
    ...Object.fromEntries(removed.map((field) => [field, null])),
    ...Object.fromEntries(Object.entries(desired).map(([field, value]) => [field, mergePatch(previous[field], value)])),
  };
}

/** Whether an object is already as a merge patch would make it. */
function changesNothing(patch: unknown, value: unknown): boolean {
  if (patch === null) return value === undefined;
  if (!isRecord(patch) || !isRecord(value)) return isDeepStrictEqual(patch, value);
  return Object.entries(patch).every(([field, part]) => changesNothing(part, value[field]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
