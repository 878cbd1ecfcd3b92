import type { Event } from '@millrace/eventing-api';

/**
 * The `source` of a CloudEvent about a Kubernetes Event: the API path of the object that it happened to, as the adapter of Knative Eventing Sources
 * v0.4 wrote it (`/apis/v1/namespaces/default/pods/busybox`, also for the core group; `/versionUnknown` for a group without version). A cluster-scoped object has no namespace segment.
 */
export function pathOfInvolvedObject({ involvedObject }: Event): string {
  const { apiVersion = '', kind = '', namespace, name = '' } = involvedObject;
  const scope = namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `/apis/${versionPath(apiVersion)}${scope}/${usualPlural(kind)}/${encodeURIComponent(name)}`;
}

function versionPath(apiVersion: string): string {
  if (apiVersion === '') return 'versionUnknown';
  const isVersion = /^v\d/.test(apiVersion);
  return apiVersion.includes('/') || isVersion ? apiVersion : `${apiVersion}/versionUnknown`;
}

/** Lower-case English plural, as Kubernetes makes the names of resources. */
function usualPlural(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular === 'endpoints') return singular;
  if (/(s|x|z|ch|sh)$/.test(singular)) return `${singular}es`;
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}
