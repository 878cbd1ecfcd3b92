import { invalid, type Deployment, type KubeObject } from '@millrace/eventing-api';
import { isRecord } from '../patch/is-record.js';
import { applyPatch } from './patch-object.js';
import { readValue } from './read-body.js';
import type { RestContext } from './rest-context.js';
import { writeOptions, type ItemRequest } from './resource-request.js';
import { badRequest, invalidObject } from './status-error.js';
import { existingObject, replaceObject } from './update-object.js';
import { fromStored } from './validate-object.js';

/** `GET <object>/scale`: the first step of kubectl scale; `autoscaling/v1 Scale` of a Deployment. */
export function getScale(context: RestContext, request: ItemRequest): KubeObject {
  return scaleOf(existingObject(context, request.target));
}

/** `PUT` or `PATCH <object>/scale`: kubectl scale. */
export function changeScale(context: RestContext, request: ItemRequest): KubeObject {
  const current = existingObject(context, request.target);
  const scale = request.method === 'PATCH' ? applyPatch(request, scaleOf(current)) : readValue(request);
  const desired = fromStored(request.target.resolved, current);
  const { resourceVersion } = metadataOf(scale);
  const replaced = replaceObject(
    context,
    // The replicas are part of the desired state, so the write is one of the main resource.
    { ...request.target, subresource: '' },
    current,
    {
      ...desired,
      metadata: { ...desired.metadata, ...(typeof resourceVersion === 'string' ? { resourceVersion } : {}) },
      spec: { ...(isRecord(desired['spec']) ? desired['spec'] : {}), replicas: replicasOf(scale, request) },
    },
    writeOptions(request.query),
  );
  return scaleOf(replaced.object);
}

function metadataOf(scale: unknown): Record<string, unknown> {
  if (!isRecord(scale)) throw badRequest('the body must be an object of kind Scale');
  return isRecord(scale['metadata']) ? scale['metadata'] : {};
}

function replicasOf(scale: unknown, { target }: ItemRequest): number {
  const spec = isRecord(scale) && isRecord(scale['spec']) ? scale['spec'] : {};
  const replicas = spec['replicas'] ?? 0;
  if (typeof replicas === 'number' && Number.isInteger(replicas) && replicas >= 0) return replicas;
  const fault = invalid('spec.replicas', replicas, 'must be greater than or equal to 0');
  throw invalidObject(target.resolved, target.name, [fault]);
}

function scaleOf(object: KubeObject): KubeObject {
  const { spec, status, metadata } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const labels = Object.entries(spec?.selector.matchLabels ?? {});
  const picked = { name, namespace, uid, resourceVersion, creationTimestamp };
  return {
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: JSON.parse(JSON.stringify(picked)) as KubeObject['metadata'],
    spec: { replicas: spec?.replicas ?? 1 },
    status: { replicas: status?.replicas ?? 0, selector: labels.map(([key, value]) => `${key}=${value}`).join(',') },
  };
}
