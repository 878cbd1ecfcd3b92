import type { ObjectKey, ResourceKind } from '@millrace/eventing-api';
import type { ListOptions, Subresource, WatchOptions, WriteOptions } from './kube-client.types.js';

/** Path of all objects of a kind, or of those in a namespace (Kubernetes API concepts, "Resource URIs"). */
export function collectionPath(kind: ResourceKind, namespace?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${kind.plural}`;
}

/** Path of one object. Throws when the key lacks what the kind's scope asks for: a request to the wrong URL could hit another object. */
export function objectPath(kind: ResourceKind, key: ObjectKey, subresource?: Subresource): string {
  if (key.name === '') throw new TypeError(`An object of kind ${kind.kind} needs a name`);
  if (kind.namespaced && !key.namespace) throw new TypeError(`${kind.kind} ${key.name} needs a namespace`);
  const object = `${collectionPath(kind, key.namespace)}/${encodeURIComponent(key.name)}`;
  return subresource === undefined ? object : `${object}/${subresource}`;
}

/** Query string of a list, with its question mark; empty when nothing is asked. */
export function listQuery(options: ListOptions): string {
  return queryString(listParameters(options));
}

/** Query string of a watch. */
export function watchQuery(options: WatchOptions): string {
  return queryString({
    ...listParameters(options),
    watch: 'true',
    timeoutSeconds: options.timeoutSeconds?.toString(),
    allowWatchBookmarks: options.allowWatchBookmarks === true ? 'true' : undefined,
  });
}

/** Query string of a create or patch. */
export function writeQuery({ fieldValidation }: WriteOptions): string {
  return queryString({ fieldValidation });
}

function listParameters(options: ListOptions): Record<string, string | undefined> {
  return {
    labelSelector: options.labelSelector,
    fieldSelector: options.fieldSelector,
    resourceVersion: options.resourceVersion,
    limit: options.limit?.toString(),
    continue: options.continue,
  };
}

function queryString(parameters: Record<string, string | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}
