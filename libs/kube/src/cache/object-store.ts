import type { KubeObject, Logger } from '@millrace/eventing-api';
import { keyOf } from '../objects/object-key.js';
import { CacheListeners, type ChangeListener } from './cache-listeners.js';
import { ObjectIndex } from './object-index.js';
import { isOlderVersion } from './resource-version.js';

/** The objects of a cache: applies what a list or a watch says and tells the listeners what that changed. */
export class ObjectStore<T extends KubeObject> {
  readonly index = new ObjectIndex<T>();
  readonly #listeners: CacheListeners<T>;

  constructor(logger: Logger) {
    this.#listeners = new CacheListeners(logger);
  }

  subscribe(listener: ChangeListener<T>): () => void {
    return this.#listeners.add(listener, this.index.list());
  }

  /** Makes the store equal to a list, which is the truth even where it is older; what it does not hold was deleted unseen. */
  replaceAll(objects: readonly T[]): void {
    const listed = new ObjectIndex<T>();
    for (const object of objects) listed.set(object);
    for (const object of this.index.list()) {
      if (listed.get(keyOf(object)) === undefined) this.remove(object);
    }
    for (const object of objects) this.#put(object);
  }

  /** Takes over an added or modified object, unless the store has a newer version of it. */
  apply(object: T): void {
    const previous = this.index.get(keyOf(object));
    if (previous !== undefined && isOlderVersion(versionOf(object), versionOf(previous))) return;
    this.#put(object);
  }

  /** Removes the object of this name; listeners get the last state known. */
  remove(object: T): void {
    const previous = this.index.get(keyOf(object));
    if (previous === undefined) return;
    this.index.delete(keyOf(object));
    this.#listeners.tell({ type: 'deleted', object, previous });
  }

  #put(object: T): void {
    const previous = this.index.get(keyOf(object));
    if (previous !== undefined && versionOf(previous) === versionOf(object)) return;
    if (previous !== undefined && previous.metadata.uid !== object.metadata.uid) {
      // Deleted and created again under its name, both unseen.
      this.remove(previous);
      this.#put(object);
      return;
    }
    this.index.set(object);
    this.#listeners.tell(previous === undefined ? { type: 'added', object } : { type: 'modified', object, previous });
  }
}

function versionOf({ metadata }: KubeObject): string {
  return metadata.resourceVersion ?? '';
}
