import { randomUUID } from 'node:crypto';
import { required, type KubeObject, type ObjectMeta } from '@millrace/eventing-api';
import type { ResolvedKind } from '../registry/kind-registry.js';
import { nameOf, resourceName } from '../storage/object-store.js';
import { assertNamespaceTakesObjects } from './namespace-gate.js';
import { generateName, rfc3339 } from './object-metadata.js';
import { readObject } from './read-body.js';
import type { RestContext } from './rest-context.js';
import { writeOptions, type ResourceRequest, type ResourceTarget } from './resource-request.js';
import { alreadyExists, badRequest, invalidObject } from './status-error.js';
import { admit, checkSchema, type Accepted } from './validate-object.js';

const GENERATED_NAME_ATTEMPTS = 8;

/** `POST <collection>`: kubectl create and apply of something new, every controller. */
export function createObject(context: RestContext, request: ResourceRequest): Accepted {
  const options = writeOptions(request.query);
  const checked = checkSchema(request.target.resolved, readObject(request), options);
  const namespace = namespaceFor(request.target, checked.object);
  if (checked.object.metadata.resourceVersion) {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  const prefix = checked.object.metadata.name ? undefined : checked.object.metadata.generateName;
  for (let attempt = 1; ; attempt++) {
    const name = prefix === undefined ? checked.object.metadata.name : generateName(prefix);
    const metadata = newMetadata(context, request.target.resolved, checked.object.metadata, {
      name: requireName(request.target, name),
      namespace,
    });
    const stored = storeNew(context, request.target, { ...checked.object, metadata }, options.dryRun);
    if (stored) return { object: stored.object, warnings: [...checked.warnings, ...stored.warnings] };
    if (prefix === undefined || attempt === GENERATED_NAME_ATTEMPTS) {
      throw alreadyExists(request.target.resolved, metadata.name ?? '');
    }
  }
}

/** Creates an object that the program itself brings, unless it is there; returns what is stored. */
export function createInitial(context: RestContext, object: KubeObject): KubeObject {
  const resolved = context.registry.byKind(object.apiVersion, object.kind);
  if (!resolved) throw new Error(`${object.apiVersion} ${object.kind} is not served`);
  const resource = resourceName(resolved.kind);
  const stored = context.store.get(resource, '', nameOf(object));
  if (stored) return stored;
  const metadata = newMetadata(context, resolved, object.metadata, { name: nameOf(object) });
  const { object: admitted } = admit(context, resolved, { ...object, metadata }, undefined);
  const created = context.store.create(resource, admitted);
  if (created.outcome === 'exists') throw new Error(`${resource} ${nameOf(object)} was created meanwhile`);
  return created.object;
}

/** Undefined when there is an object of that name. */
function storeNew(
  context: RestContext,
  target: ResourceTarget,
  object: KubeObject,
  dryRun: boolean,
): Accepted | undefined {
  const { resolved } = target;
  const resource = resourceName(resolved.kind);
  const { name = '', namespace = '' } = object.metadata;
  assertNamespaceTakesObjects(context, target, name);
  if (resolved.kind.subresources.includes('status')) delete object['status'];
  const admitted = admit(context, resolved, object, undefined);
  if (dryRun) return context.store.get(resource, namespace, name) ? undefined : admitted;
  const created = context.store.create(resource, admitted.object);
  return created.outcome === 'exists' ? undefined : { object: created.object, warnings: admitted.warnings };
}

function newMetadata(
  { clock }: RestContext,
  { kind }: ResolvedKind,
  metadata: ObjectMeta,
  { name, namespace }: { readonly name: string; readonly namespace?: string | undefined },
): ObjectMeta {
  const {
    namespace: _namespace,
    resourceVersion: _resourceVersion,
    deletionTimestamp: _deletionTimestamp,
    deletionGracePeriodSeconds: _deletionGracePeriodSeconds,
    selfLink: _selfLink,
    generation: _generation,
    ...given
  } = metadata;
  return {
    ...given,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid: randomUUID(),
    ...(kind.hasGeneration ? { generation: 1 } : {}),
    creationTimestamp: rfc3339(clock.now()),
  };
}

function namespaceFor(target: ResourceTarget, { metadata }: KubeObject): string | undefined {
  if (!target.resolved.kind.namespaced) return undefined;
  if (metadata.namespace && metadata.namespace !== target.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  return target.namespace;
}

function requireName({ resolved }: ResourceTarget, name: string | undefined): string {
  if (name) return name;
  throw invalidObject(resolved, '', [required('metadata.name', 'name or generateName is required')]);
}
