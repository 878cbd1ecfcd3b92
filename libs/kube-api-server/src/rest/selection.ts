import type { KubeObject } from '@millrace/eventing-api';
import { parseFieldSelector } from '../selectors/field-selector.js';
import { parseLabelSelector } from '../selectors/label-selector.js';
import type { ResourceRequest } from './resource-request.js';
import { badRequest } from './status-error.js';

/** Which objects of a collection a request means. */
export interface Selection {
  readonly namespace: string | undefined;
  /** By labels, fields and namespace. */
  readonly matches: (object: KubeObject) => boolean;
}

/** The `labelSelector` and `fieldSelector` of a request (kubectl get -l, describe, events, wait), within its namespace. */
export function readSelection({ target, query }: ResourceRequest): Selection {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if ('error' in labels) throw badRequest(labels.error);
  const fields = parseFieldSelector(target.resolved.kind, query.get('fieldSelector') ?? '');
  if ('error' in fields) throw badRequest(fields.error);
  const { namespace, name } = target;
  return {
    namespace,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      labels.matches(object.metadata.labels) &&
      fields.matches(object),
  };
}
