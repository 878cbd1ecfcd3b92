import { jsonpath, type JSONValue } from 'json-p3';

type Query = ReturnType<typeof jsonpath.compile>;

const compiled = new Map<string, Query>();

/**
 * The values that a path of a printer column finds: `.status.conditions[?(@.type=="Ready")].status`, `.spec.ports[0].name`, `.items[*].name`.
 * The path is JSONPath (RFC 9535) without the leading `$`, as CustomResourceDefinitions write it.
 */
export function findValues(path: string, object: object): unknown[] {
  let query = compiled.get(path);
  if (query === undefined) compiled.set(path, (query = jsonpath.compile(`$${path}`)));
  return query.query(object as JSONValue).values();
}
