import type { KubeObject } from '@millrace/eventing-api';
import { nameOf, resourceName, type ObjectStore } from '../storage/object-store.js';
import { assertReadable, readRevision } from './read-revision.js';
import type { RestContext } from './rest-context.js';
import { readCount, type ResourceRequest } from './resource-request.js';
import { readSelection, type Selection } from './selection.js';
import { badRequest } from './status-error.js';

export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
}

export interface ListedObjects {
  readonly metadata: ListMeta;
  readonly items: readonly KubeObject[];
}

/** `GET <collection>`: kubectl get (in pages of 500), the first step of every list-watch cache. All pages show the state as of the first. */
export function listObjects({ store }: RestContext, request: ResourceRequest): ListedObjects {
  const selection = readSelection(request);
  const limit = readCount(request.query, 'limit') ?? 0;
  const { revision, after } = startOf(store, request.query, limit);
  const resource = resourceName(request.target.resolved.kind);
  const { items, more } = collectPage(store, resource, selection, { revision, after, limit });
  const last = more ? items.at(-1) : undefined;
  return {
    items,
    metadata: {
      resourceVersion: String(revision),
      ...(last ? { continue: encodeContinue({ revision, after: positionOf(last) }) } : {}),
    },
  };
}

/** Where a page begins: the state at a revision, behind an object. */
interface ContinuePoint {
  readonly revision: number;
  readonly after?: { readonly namespace: string; readonly name: string } | undefined;
}

function startOf(store: ObjectStore, query: URLSearchParams, limit: number): ContinuePoint {
  const token = query.get('continue') ?? '';
  if (token !== '') {
    if (query.get('resourceVersion'))
      throw badRequest('specifying resource version is not allowed when using continue');
    const point = decodeContinue(token);
    assertReadable(store, point.revision);
    return point;
  }
  return { revision: readRevision(store, query, limit) };
}

interface Page {
  readonly items: readonly KubeObject[];
  /** That there are more objects behind the last one. */
  readonly more: boolean;
}

const ROWS_PER_QUERY = 500;

function collectPage(
  store: ObjectStore,
  resource: string,
  selection: Selection,
  point: ContinuePoint & { limit: number },
): Page {
  const { revision, limit } = point;
  const items: KubeObject[] = [];
  let after = point.after;
  for (;;) {
    const rows = store.list(resource, { namespace: selection.namespace, revision, after, limit: ROWS_PER_QUERY });
    for (const object of rows) {
      if (!selection.matches(object)) continue;
      if (limit > 0 && items.length === limit) return { items, more: true };
      items.push(object);
    }
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_PER_QUERY) return { items, more: false };
    after = positionOf(last);
  }
}

function positionOf(object: KubeObject): { namespace: string; name: string } {
  return { namespace: object.metadata.namespace ?? '', name: nameOf(object) };
}

/** The opaque `continue` token of a list. */
function encodeContinue({ revision, after }: ContinuePoint): string {
  return Buffer.from(JSON.stringify([revision, after?.namespace, after?.name])).toString('base64url');
}

function decodeContinue(token: string): ContinuePoint {
  try {
    const [revision, namespace, name] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (Number.isSafeInteger(revision) && typeof namespace === 'string' && typeof name === 'string') {
      return { revision: revision as number, after: { namespace, name } };
    }
  } catch {
    // Falls through: not a token of ours.
  }
  throw badRequest('continue key is not valid');
}
