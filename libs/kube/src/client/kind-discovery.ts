import type { ResourceKind } from '@millrace/eventing-api';

/** What discovery answers for a group and version (`meta/v1 APIResourceList`). */
export interface ApiResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Path of the discovery document of an `apiVersion`. */
export function discoveryPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** The kind of that name among what discovery lists; subresources (`channels/status`) share their parent's kind and are passed over. */
export function findKind(apiVersion: string, kind: string, list: ApiResourceList): ResourceKind | undefined {
  const resource = list.resources?.find((candidate) => candidate.kind === kind && !candidate.name.includes('/'));
  if (resource === undefined) return undefined;
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { group, version, kind, plural: resource.name, namespaced: resource.namespaced };
}
