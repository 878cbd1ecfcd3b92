import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@millrace/eventing-api';
import { isRecord } from '../patch/is-record.js';
import type { ServedKind } from '../registry/served-kind.types.js';
import { resourceName, uidOf } from '../storage/object-store.js';
import { isHeld, isNamespace, withLists } from './finish-deletion.js';
import { rfc3339 } from './object-metadata.js';
import { readValue } from './read-body.js';
import type { RestContext } from './rest-context.js';
import { oneOf, readDryRun, type ItemRequest } from './resource-request.js';
import { badRequest, conflict, detailsOf, forbidden, success, type Status } from './status-error.js';
import { existingObject } from './update-object.js';

/** What happens to the objects that the deleted one owns. */
const PROPAGATION_POLICIES = ['Background', 'Foreground', 'Orphan'] as const;
type PropagationPolicy = (typeof PROPAGATION_POLICIES)[number];

export const FOREGROUND_FINALIZER = 'foregroundDeletion';
export const ORPHAN_FINALIZER = 'orphan';

/** `meta/v1 DeleteOptions`, as far as they mean something here. */
interface DeleteOptions {
  readonly dryRun: boolean;
  /** Absent: Background, or what the finalizers of the object already say. */
  readonly propagationPolicy?: PropagationPolicy | undefined;
  readonly preconditions?: { readonly uid?: unknown; readonly resourceVersion?: unknown };
}

/**
 * `DELETE <object>`: kubectl delete. An object that nothing holds is removed at once (answer: a Status); one with finalizers is marked, and removed
 * when the last of them goes (answer: the object).
 */
export function deleteNamed(context: RestContext, request: ItemRequest): KubeObject | Status {
  const { resolved, name } = request.target;
  const current = existingObject(context, request.target);
  const options = readDeleteOptions(request);
  if (isUndeletable(current)) throw forbidden(resolved, name, 'this namespace may not be deleted');
  assertPreconditions(request, current, options);
  const outcome = deleteObject(context, resolved.kind, current, options);
  return outcome.outcome === 'removed'
    ? success({ ...detailsOf(resolved, name), uid: uidOf(current) })
    : outcome.object;
}

/** Removes an object or marks it as being deleted; also what the garbage collector and the namespace cascade call. */
export function deleteObject(
  { store, clock }: RestContext,
  kind: ServedKind,
  current: KubeObject,
  { dryRun, propagationPolicy }: DeleteOptions,
): { readonly outcome: 'removed' | 'marked'; readonly object: KubeObject } {
  const resource = resourceName(kind);
  const finalizers = finalizersFor(current.metadata.finalizers ?? [], propagationPolicy);
  const next = withLists(current, { finalizers });
  if (!isHeld(next)) return { outcome: 'removed', object: dryRun ? current : store.remove(resource, current) };
  const alreadyMarked = current.metadata.deletionTimestamp !== undefined;
  if (alreadyMarked && isDeepStrictEqual(finalizers, current.metadata.finalizers ?? [])) {
    return { outcome: 'marked', object: current };
  }
  const marked = alreadyMarked ? next : markDeleted(next, clock.now());
  return { outcome: 'marked', object: dryRun ? marked : store.update(resource, current, marked) };
}

function markDeleted(object: KubeObject, nowMs: number): KubeObject {
  const { generation } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      deletionTimestamp: rfc3339(nowMs),
      deletionGracePeriodSeconds: 0,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
    },
    ...(isNamespace(object) ? { status: { phase: 'Terminating' } } : {}),
  };
}

function finalizersFor(existing: readonly string[], policy: PropagationPolicy | undefined): string[] {
  if (policy === undefined) return [...existing];
  const others = existing.filter((finalizer) => finalizer !== FOREGROUND_FINALIZER && finalizer !== ORPHAN_FINALIZER);
  if (policy === 'Foreground') return [...others, FOREGROUND_FINALIZER];
  return policy === 'Orphan' ? [...others, ORPHAN_FINALIZER] : others;
}

const UNDELETABLE_NAMESPACES = ['default', 'kube-system'];

export function isUndeletable(object: KubeObject): boolean {
  return isNamespace(object) && UNDELETABLE_NAMESPACES.includes(object.metadata.name ?? '');
}

/** The options in the body of a DELETE (kubectl), or in its query. */
function readDeleteOptions(request: ItemRequest): DeleteOptions {
  const body = request.body.length === 0 ? {} : readValue(request);
  if (!isRecord(body)) throw badRequest('the body of a DELETE must be an object of kind DeleteOptions');
  const { dryRun, preconditions } = body;
  const policy = body['propagationPolicy'] ?? request.query.get('propagationPolicy') ?? '';
  return {
    dryRun: readDryRun(Array.isArray(dryRun) ? dryRun.map(String) : request.query.getAll('dryRun')),
    propagationPolicy: policy === '' ? undefined : oneOf('propagationPolicy', policy, PROPAGATION_POLICIES),
    preconditions: isRecord(preconditions) ? preconditions : {},
  };
}

function assertPreconditions(
  { target }: ItemRequest,
  { metadata }: KubeObject,
  { preconditions }: DeleteOptions,
): void {
  const checks = [
    ['UID', preconditions?.uid, metadata.uid],
    ['ResourceVersion', preconditions?.resourceVersion, metadata.resourceVersion],
  ] as const;
  for (const [field, expected, actual] of checks) {
    if (expected !== undefined && expected !== actual) {
      const why = `Precondition failed: ${field} in precondition: ${JSON.stringify(expected)}, ${field} in object meta: ${actual ?? ''}`;
      throw conflict(target.resolved, target.name, why);
    }
  }
}
