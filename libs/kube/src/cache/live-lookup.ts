import type { Clock, KubeObject, ObjectKey, ResourceKind } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';

export interface LiveLookupOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly kind: ResourceKind<T>;
  readonly clock: Clock;
  /** How long an object that was not found counts as absent without asking again. Default 1 s. */
  readonly missMs?: number | undefined;
}

const DEFAULT_MISS_MS = 1000;
const MAX_MISSES = 10_000;

/**
 * Asks the API for an object that a cache does not have (yet). Those who ask for the same object at one time share one request, and a negative answer is
 * kept for a moment, so that a client that asks for what does not exist costs the API one request a second.
 */
export class LiveLookup<T extends KubeObject> {
  readonly #options: LiveLookupOptions<T>;
  readonly #asking = new Map<string, Promise<T | undefined>>();
  /** Until when an object counts as absent, the oldest first. */
  readonly #absentUntilMs = new Map<string, number>();

  constructor(options: LiveLookupOptions<T>) {
    this.#options = options;
  }

  /** Undefined when the object does not exist; rejects as `KubeClient.get` does. */
  find(key: ObjectKey): Promise<T | undefined> {
    const id = `${key.namespace ?? ''}/${key.name}`;
    const absentUntilMs = this.#absentUntilMs.get(id);
    if (absentUntilMs !== undefined) {
      if (this.#options.clock.now() < absentUntilMs) return Promise.resolve(undefined);
      this.#absentUntilMs.delete(id);
    }
    let asking = this.#asking.get(id);
    if (!asking) {
      asking = this.#ask(id, key).finally(() => this.#asking.delete(id));
      this.#asking.set(id, asking);
    }
    return asking;
  }

  async #ask(id: string, key: ObjectKey): Promise<T | undefined> {
    const { client, kind, clock, missMs = DEFAULT_MISS_MS } = this.#options;
    const object = await client.get(kind, key);
    if (!object) this.#remember(id, clock.now() + missMs);
    return object;
  }

  #remember(id: string, untilMs: number): void {
    const [oldest] = this.#absentUntilMs.keys();
    if (this.#absentUntilMs.size >= MAX_MISSES && oldest !== undefined) this.#absentUntilMs.delete(oldest);
    this.#absentUntilMs.set(id, untilMs);
  }
}
