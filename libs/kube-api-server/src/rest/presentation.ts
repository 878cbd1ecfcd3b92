import type { Clock, KubeObject } from '@millrace/eventing-api';
import { prefersTable, toTable, type TableOptions } from '../table/table.js';
import type { ListedObjects } from './list-objects.js';
import { oneOf, type ResourceRequest } from './resource-request.js';
import type { ResolvedKind } from '../registry/kind-registry.js';
import { fromStored } from './validate-object.js';

/** How a client wants to see objects: in its version of the kind, or as the Table that `kubectl get` prints. */
export interface Presentation {
  object(object: KubeObject): object;
  list(list: ListedObjects): object;
  /** One object of a watch; the columns of a Table come with the first only. */
  watched(object: KubeObject): object;
}

export function presentationFor({ target, accept, query }: ResourceRequest, clock: Clock): Presentation {
  const { resolved } = target;
  return prefersTable(accept) ? asTables(resolved, readIncludeObject(query), clock) : asObjects(resolved);
}

function asObjects(resolved: ResolvedKind): Presentation {
  const one = (object: KubeObject) => fromStored(resolved, object);
  return {
    object: one,
    list: ({ metadata, items }) => ({
      kind: `${resolved.kind.kind}List`,
      apiVersion: resolved.apiVersion,
      metadata,
      items: items.map(one),
    }),
    watched: one,
  };
}

function asTables({ kind }: ResolvedKind, includeObject: TableOptions['includeObject'], clock: Clock): Presentation {
  const table = (objects: readonly KubeObject[], metadata: object, withColumns: boolean) =>
    toTable(kind, objects, metadata, { includeObject, withColumns }, clock.now());
  const revisionOnly = ({ metadata }: KubeObject) => ({ resourceVersion: metadata.resourceVersion });
  let columnsSent = false;
  return {
    object: (object) => table([object], revisionOnly(object), true),
    list: ({ metadata, items }) => table(items, metadata, true),
    watched: (object) => {
      const withColumns = !columnsSent;
      columnsSent = true;
      return table([object], revisionOnly(object), withColumns);
    },
  };
}

function readIncludeObject(query: URLSearchParams): TableOptions['includeObject'] {
  return oneOf('includeObject', query.get('includeObject') || 'Metadata', ['Metadata', 'None', 'Object']);
}
