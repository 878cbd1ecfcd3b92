import type { KubeObject, ObjectKey } from '@millrace/eventing-api';

const CLUSTER_SCOPE = '';

/** Objects by namespace and name. */
export class ObjectIndex<T extends KubeObject> {
  readonly #namespaces = new Map<string, Map<string, T>>();

  get(key: ObjectKey): T | undefined {
    return this.#namespaces.get(key.namespace ?? CLUSTER_SCOPE)?.get(key.name);
  }

  set(object: T): void {
    const { namespace = CLUSTER_SCOPE, name = '' } = object.metadata;
    let names = this.#namespaces.get(namespace);
    if (names === undefined) {
      names = new Map();
      this.#namespaces.set(namespace, names);
    }
    names.set(name, object);
  }

  delete(key: ObjectKey): void {
    const namespace = key.namespace ?? CLUSTER_SCOPE;
    const names = this.#namespaces.get(namespace);
    names?.delete(key.name);
    if (names?.size === 0) this.#namespaces.delete(namespace);
  }

  /** All objects, or those of a namespace, ordered by name, then namespace. */
  list(namespace?: string): T[] {
    const objects =
      namespace === undefined
        ? [...this.#namespaces.values()].flatMap((names) => [...names.values()])
        : [...(this.#namespaces.get(namespace)?.values() ?? [])];
    return objects.sort(byName);
  }
}

function byName(a: KubeObject, b: KubeObject): number {
  return (
    compare(a.metadata.name ?? '', b.metadata.name ?? '') ||
    compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
