import { isDeepStrictEqual } from 'node:util';
import { forbidden, invalid, type FieldFault, type KubeObject, type ObjectMeta } from '@millrace/eventing-api';
import { nameOf, resourceName } from '../storage/object-store.js';
import { storeChange } from './finish-deletion.js';
import { readObject } from './read-body.js';
import type { RestContext } from './rest-context.js';
import { writeOptions, type ItemRequest, type ResourceTarget, type WriteOptions } from './resource-request.js';
import { badRequest, conflict, invalidObject, notFound } from './status-error.js';
import { admit, checkSchema, type Accepted } from './validate-object.js';

/** `PUT <object>` and `PUT <object>/status`: kubectl replace, Lease renewal, status writers. */
export function updateObject(context: RestContext, request: ItemRequest): Accepted {
  const current = existingObject(context, request.target);
  const desired = readObject(request);
  if (request.target.resolved.kind.custom && !desired.metadata.resourceVersion) {
    const fault = invalid('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalidObject(request.target.resolved, nameOf(current), [fault]);
  }
  return replaceObject(context, request.target, current, desired, writeOptions(request.query));
}

/** The stored object that a request names; 404 when there is none. */
export function existingObject(
  { store }: RestContext,
  { resolved, namespace = '', name = '' }: ResourceTarget,
): KubeObject {
  const found = store.get(resourceName(resolved.kind), namespace, name);
  if (!found) throw notFound(resolved, name);
  return found;
}

/**
 * Takes `desired` (in the requested version) in the place of `current`. The status changes through its subresource only and the rest not
 * through it; what the server owns in the metadata stays; a write that changes nothing makes no revision.
 */
export function replaceObject(
  context: RestContext,
  target: ResourceTarget,
  current: KubeObject,
  desired: KubeObject,
  options: WriteOptions,
): Accepted {
  const { resolved } = target;
  assertSameObject(target, current, desired);
  const checked = checkSchema(resolved, desired, options);
  const ofStatus = target.subresource === 'status';
  const merged = ofStatus ? withStatus(current, checked.object) : withoutStatusChange(target, current, checked.object);
  const admitted = ofStatus ? { object: merged, warnings: [] } : admit(context, resolved, merged, current);
  const next = withGeneration(current, plainJson(admitted.object));
  const unchanged = isDeepStrictEqual(current, next);
  const object =
    unchanged || options.dryRun ? next : storeChange(context.store, resourceName(resolved.kind), current, next);
  return { object, warnings: [...checked.warnings, ...admitted.warnings] };
}

/** Name, namespace and UID must be those of the stored object, and so must a resourceVersion that is given (optimistic concurrency). */
function assertSameObject(
  { resolved }: ResourceTarget,
  { metadata: current }: KubeObject,
  { metadata: desired }: KubeObject,
): void {
  const name = current.name ?? '';
  if (desired.name && desired.name !== name) {
    throw badRequest(`the name of the object (${desired.name}) does not match the name on the URL (${name})`);
  }
  if (desired.namespace && desired.namespace !== current.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  if (desired.uid && desired.uid !== current.uid) {
    const why = `Precondition failed: UID in precondition: ${desired.uid}, UID in object meta: ${current.uid ?? ''}`;
    throw conflict(resolved, name, why);
  }
  if (desired.resourceVersion && desired.resourceVersion !== current.resourceVersion) {
    const why = 'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(resolved, name, why);
  }
}

function withStatus(current: KubeObject, { status }: KubeObject): KubeObject {
  return { ...current, status };
}

function withoutStatusChange({ resolved }: ResourceTarget, current: KubeObject, desired: KubeObject): KubeObject {
  const merged = { ...desired, metadata: withServerFields(current.metadata, desired.metadata) };
  const fault = newFinalizerFault(current.metadata, merged.metadata);
  if (fault) throw invalidObject(resolved, nameOf(current), [fault]);
  return resolved.kind.subresources.includes('status') ? withStatus(merged, current) : merged;
}

const SERVER_FIELDS = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generateName',
] as const satisfies (keyof ObjectMeta)[];

function withServerFields(current: ObjectMeta, desired: ObjectMeta): ObjectMeta {
  const { selfLink: _selfLink, ...kept } = desired;
  return { ...kept, ...Object.fromEntries(SERVER_FIELDS.map((field) => [field, current[field]])) };
}

function newFinalizerFault(current: ObjectMeta, desired: ObjectMeta): FieldFault | undefined {
  if (current.deletionTimestamp === undefined) return undefined;
  const added = (desired.finalizers ?? []).filter((finalizer) => !(current.finalizers ?? []).includes(finalizer));
  if (added.length === 0) return undefined;
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`;
  return forbidden('metadata.finalizers', why);
}

/** The generation of a kind that has one goes up with any change outside of metadata and status. */
function withGeneration(current: KubeObject, next: KubeObject): KubeObject {
  const { generation } = current.metadata;
  if (generation === undefined || isDeepStrictEqual(desiredState(current), desiredState(next))) return next;
  return { ...next, metadata: { ...next.metadata, generation: generation + 1 } };
}

function desiredState({ metadata: _metadata, status: _status, ...rest }: KubeObject): object {
  return rest;
}

/** As it will come back from the store: without undefined fields. */
function plainJson(object: KubeObject): KubeObject {
  return JSON.parse(JSON.stringify(object)) as KubeObject;
}
