import { sleep, type Clock, type KubeObject, type Logger, type ResourceKind } from '@millrace/eventing-api';
import { KubeApiError, ListWatchCache, type KubeClient, type ObjectChange } from '@millrace/kube';

const LOOK_AGAIN_MS = 60_000;

export interface OptionalKindCacheOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly kind: ResourceKind<T>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Tells of changes of a kind that a cluster need not have (Knative Serving's Service). While the API does not know the kind, it asks again once a
 * minute and makes no noise; nobody waits for it.
 */
export class OptionalKindCache<T extends KubeObject> {
  private readonly abort = new AbortController();
  private readonly cache: ListWatchCache<T>;
  private ended: Promise<void> | undefined;

  constructor(private readonly options: OptionalKindCacheOptions<T>) {
    this.cache = new ListWatchCache(options);
  }

  subscribe(listener: (change: ObjectChange<T>) => void): () => void {
    return this.cache.subscribe(listener);
  }

  start(): void {
    this.ended ??= this.startOnceServed(this.abort.signal).catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.ended;
    await this.cache.stop();
  }

  private async startOnceServed(signal: AbortSignal): Promise<void> {
    const { kind, clock, logger } = this.options;
    while (!(await this.isServed())) {
      logger.debug('The API does not serve this kind; looking again later', { group: kind.group, kind: kind.kind });
      await sleep(clock, LOOK_AGAIN_MS, signal);
    }
    signal.throwIfAborted();
    this.cache.start();
  }

  /** Anything but a plain "no such thing" is for the cache to deal with. */
  private async isServed(): Promise<boolean> {
    try {
      await this.options.client.list(this.options.kind, { limit: 1 });
      return true;
    } catch (error) {
      return !(error instanceof KubeApiError && error.code === 404);
    }
  }
}
