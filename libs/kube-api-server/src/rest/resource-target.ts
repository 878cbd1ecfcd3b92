import type { KindRegistry } from '../registry/kind-registry.js';
import type { ResourceTarget } from './resource-request.js';

/**
 * What `/api/v1/…` or `/apis/<group>/<version>/…` names; undefined when there is no such kind or the path has another shape.
 * `namespaces/<name>` is the Namespace itself, `namespaces/<name>/<plural>` a kind within it.
 */
export function parseTarget(registry: KindRegistry, path: string): ResourceTarget | undefined {
  const segments = decodeSegments(path);
  if (!segments) return undefined;
  const [root, ...rest] = segments;
  const group = root === 'api' ? '' : rest.shift();
  const version = rest.shift();
  if ((root !== 'api' && root !== 'apis') || group === undefined || version === undefined) return undefined;
  const [first, second, third] = rest;
  const scoped = first === 'namespaces' && third !== undefined && !(group === '' && third === 'status');
  const [plural, name, subresource, ...surplus] = scoped ? rest.slice(2) : rest;
  const resolved = plural === undefined ? undefined : registry.resolve(group, version, plural);
  if (!resolved || surplus.length > 0) return undefined;
  // An object of a namespaced kind is only ever found in its namespace; the collection is there for all namespaces too.
  if (scoped ? !resolved.kind.namespaced : resolved.kind.namespaced && name !== undefined) return undefined;
  return {
    resolved,
    ...(scoped && second !== undefined ? { namespace: second } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function decodeSegments(path: string): string[] | undefined {
  try {
    const segments = path.split('/').slice(1).map(decodeURIComponent);
    if (segments.at(-1) === '') segments.pop();
    return segments.includes('') ? undefined : segments;
  } catch {
    return undefined;
  }
}
