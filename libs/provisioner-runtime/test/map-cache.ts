import type { KubeObject, ObjectKey } from '@millrace/eventing-api';
import type { ObjectCache, ObjectChange } from '@millrace/kube';

/** A cache that holds what a test put there. */
export class MapCache<T extends KubeObject> implements ObjectCache<T> {
  readonly synced = true;
  private readonly objects = new Map<string, T>();

  constructor(objects: readonly T[] = []) {
    for (const object of objects) this.put(object);
  }

  put(object: T): void {
    this.objects.set(idOf(object.metadata), object);
  }

  whenSynced(): Promise<void> {
    return Promise.resolve();
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(idOf(key));
  }

  list(): readonly T[] {
    return [...this.objects.values()];
  }

  subscribe(listener: (change: ObjectChange<T>) => void): () => void {
    for (const object of this.objects.values()) listener({ type: 'added', object });
    return () => {};
  }
}

function idOf({ namespace, name }: { namespace?: string | undefined; name?: string }): string {
  return `${namespace ?? ''}/${name ?? ''}`;
}
