import type { ResolvedKind, ServedVersion } from '../registry/kind-registry.js';
import { schemasOf } from './kind-schemas.js';

type PathItem = Record<string, object>;

/**
 * The OpenAPI v3 document of one `group/version`, as far as kubectl reads it: `explain` finds a kind by its paths and prints its schema; `apply`, `create` and
 * `edit` look whether PATCH knows `fieldValidation` and `dryRun`, and then leave both to the server.
 */
export function openApiV3(version: ServedVersion): object {
  return {
    openapi: '3.0.0',
    info: { title: 'Millrace', version: 'v1' },
    paths: Object.fromEntries(version.kinds.flatMap((resolved) => resourcePaths(version.path, resolved))),
    components: { schemas: schemasOf(version) },
  };
}

function resourcePaths(root: string, resolved: ResolvedKind): [string, PathItem][] {
  const { namespaced, plural, verbs, subresources } = resolved.kind;
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const item = `${collection}/{name}`;
  const operations = (...actions: Action[]) =>
    Object.fromEntries(
      actions
        .filter((action) => verbs.includes(VERBS[action]))
        .map((action) => [METHODS[action] ?? action, operation(action, resolved)]),
    );
  const paths: [string, PathItem][] = [
    [collection, operations('list', 'post')],
    [item, operations('get', 'put', 'patch', 'delete')],
  ];
  if (subresources.includes('status')) paths.push([`${item}/status`, operations('get', 'put', 'patch')]);
  return paths.map(([path, pathItem]) => [path, { ...pathItem, ...pathParameters(path) }]);
}

type Action = 'list' | 'get' | 'post' | 'put' | 'patch' | 'delete';
const VERBS = { list: 'list', get: 'get', post: 'create', put: 'update', patch: 'patch', delete: 'delete' } as const;
const METHODS: Partial<Record<Action, string>> = { list: 'get' };

const WRITE_PARAMETERS = [
  ['dryRun', 'All = do everything but store.'],
  ['fieldManager', 'Name of who changes the object.'],
  ['fieldValidation', 'Strict = refuse unknown fields, Warn = warn of them, Ignore = drop them in silence.'],
].map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }));

/**
 * Built-in kinds take strategic merge patches too, but saying so would make kubectl work them out from our abridged schemas, which know neither every field nor the merge
 * keys. Unsaid, it uses the Kubernetes types that it has built in; for custom kinds it makes JSON merge patches, as it should.
 */
const PATCH_BODY = {
  required: true,
  content: {
    'application/json-patch+json': { schema: { type: 'object' } },
    'application/merge-patch+json': { schema: { type: 'object' } },
  },
};

function operation(action: Action, { group, version, kind: { kind } }: ResolvedKind): object {
  const writes = action === 'post' || action === 'put' || action === 'patch';
  return {
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
    ...(writes ? { parameters: WRITE_PARAMETERS } : {}),
    ...(action === 'patch' ? { requestBody: PATCH_BODY } : {}),
    responses: { '200': { description: 'OK' } },
  };
}

function pathParameters(path: string): { parameters?: object[] } {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  if (names.length === 0) return {};
  return { parameters: names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })) };
}
