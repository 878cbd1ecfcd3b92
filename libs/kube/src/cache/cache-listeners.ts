import type { KubeObject, Logger } from '@millrace/eventing-api';
import type { ObjectChange } from './object-cache.types.js';

export type ChangeListener<T extends KubeObject> = (change: ObjectChange<T>) => void;

/** Those who want to know of changes. A listener that throws is logged and harms nobody else. */
export class CacheListeners<T extends KubeObject> {
  readonly #logger: Logger;
  readonly #listeners = new Set<{ readonly call: ChangeListener<T> }>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Tells the listener of each of `present` as added, and of every change until the returned function is called. */
  add(call: ChangeListener<T>, present: readonly T[]): () => void {
    const listener = { call };
    this.#listeners.add(listener);
    for (const object of present) {
      if (this.#listeners.has(listener)) this.#tell(call, { type: 'added', object });
    }
    return () => this.#listeners.delete(listener);
  }

  tell(change: ObjectChange<T>): void {
    // A copy: who subscribes while being told has seen this change in what was present.
    for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) this.#tell(listener.call, change);
  }

  #tell(call: ChangeListener<T>, change: ObjectChange<T>): void {
    try {
      call(change);
    } catch (error) {
      const { namespace, name } = change.object.metadata;
      this.#logger.error('A listener of the cache failed', { change: change.type, namespace, name, error });
    }
  }
}
