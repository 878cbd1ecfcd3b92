import type { AdmissionLookup, Clock } from '@millrace/eventing-api';
import type { KindRegistry } from '../registry/kind-registry.js';
import type { ServedKind } from '../registry/served-kind.types.js';
import { resourceName, type ObjectStore } from '../storage/object-store.js';

/** What every verb works with. */
export interface RestContext {
  readonly store: ObjectStore;
  readonly registry: KindRegistry;
  readonly clock: Clock;
  /** The stored objects, as admission functions read them. */
  readonly lookup: AdmissionLookup;
  /** The kind whose objects are stored under a resource name. */
  kindOf(resource: string): ServedKind | undefined;
}

export function restContext(store: ObjectStore, registry: KindRegistry, clock: Clock): RestContext {
  const kinds = new Map(registry.kinds.map((kind) => [resourceName(kind), kind]));
  return {
    store,
    registry,
    clock,
    lookup: storedObjects(store),
    kindOf: (resource) => kinds.get(resource),
  };
}

/** What is stored under a kind is of its type: the schema of the kind was checked before it was stored. */
function storedObjects(store: ObjectStore): AdmissionLookup {
  return {
    get: (kind, { namespace = '', name }) => store.get(resourceName(kind), namespace, name) as never,
    list: (kind, namespace) => store.list(resourceName(kind), { namespace }) as never[],
  };
}
