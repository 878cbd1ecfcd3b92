import { isRecord } from './is-record.js';

type Fields = Record<string, unknown>;

/** The field by which the items of a list are told apart, by the name of the list (`patchMergeKey` of the Kubernetes types). */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  conditions: 'type',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  hostAliases: 'ip',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  secrets: 'name',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** Lists of plain values that merge as sets; all others are replaced. */
const SETS = ['finalizers'];

/**
 * Applies a strategic merge patch: a JSON merge patch in which certain lists of objects are merged item by item. What kubectl sends for built-in kinds is
 * understood: the merge keys above (`ports`: containerPort in a container, port in a Service), the directives `$patch: delete | replace`, `$retainKeys`,
 * `$setElementOrder/<list>` and `$deleteFromPrimitiveList/<list>`. Changes neither argument.
 */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const { $patch: directive, $retainKeys: retained, ...fields } = patch;
  if (directive === 'replace') return fields;
  const merged = isRecord(target) ? retain(target, retained) : {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === '__proto__' || key.startsWith('$')) continue;
    const result = mergeField(key, merged[key], value, fields[`$setElementOrder/${key}`]);
    if (result === undefined) Reflect.deleteProperty(merged, key);
    else merged[key] = result;
  }
  return deleteFromLists(merged, fields);
}

function retain(target: Fields, keys: unknown): Fields {
  if (!Array.isArray(keys)) return { ...target };
  return Object.fromEntries(Object.entries(target).filter(([key]) => keys.includes(key)));
}

/** Undefined: the field goes. */
function mergeField(key: string, target: unknown, patch: unknown, order: unknown): unknown {
  if (patch === null || (isRecord(patch) && patch['$patch'] === 'delete')) return undefined;
  if (!Array.isArray(patch)) return strategicMergePatch(target, patch);
  const added: unknown[] = patch;
  const existing: unknown[] = Array.isArray(target) ? target : [];
  if (SETS.includes(key)) return [...new Set([...existing, ...added])];
  const mergeKey = mergeKeyOf(key, [...added, ...existing]);
  if (mergeKey === undefined) return patch;
  return mergeItems(mergeKey, existing.filter(isRecord), added.filter(isRecord), order);
}

function mergeKeyOf(list: string, items: readonly unknown[]): string | undefined {
  if (list !== 'ports') return MERGE_KEYS[list];
  return items.some((item) => isRecord(item) && 'containerPort' in item) ? 'containerPort' : 'port';
}

function mergeItems(mergeKey: string, existing: Fields[], patches: Fields[], order: unknown): Fields[] {
  if (patches.some((patch) => patch['$patch'] === 'replace')) {
    return patches.filter((patch) => patch['$patch'] === undefined);
  }
  const items = new Map(existing.map((item) => [item[mergeKey], item]));
  for (const patch of patches) {
    const key = patch[mergeKey];
    if (patch['$patch'] === 'delete') items.delete(key);
    else items.set(key, strategicMergePatch(items.get(key), patch) as Fields);
  }
  return inOrder(mergeKey, [...items.values()], order);
}

/** The items that `order` names in that order, then the others. */
function inOrder(mergeKey: string, items: Fields[], order: unknown): Fields[] {
  if (!Array.isArray(order)) return items;
  const keys = order.map((entry: unknown) => (isRecord(entry) ? entry[mergeKey] : entry));
  const rank = (item: Fields) => (keys.includes(item[mergeKey]) ? keys.indexOf(item[mergeKey]) : keys.length);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';

function deleteFromLists(merged: Fields, patch: Fields): Fields {
  for (const [directive, values] of Object.entries(patch)) {
    if (!directive.startsWith(DELETE_FROM_LIST) || !Array.isArray(values)) continue;
    const list = directive.slice(DELETE_FROM_LIST.length);
    const existing = merged[list];
    if (Array.isArray(existing)) merged[list] = existing.filter((value) => !values.includes(value));
  }
  return merged;
}
