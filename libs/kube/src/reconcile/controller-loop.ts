import type { Clock, KubeObject, Logger, ObjectKey } from '@millrace/eventing-api';
import type { ObjectCache, ObjectChange } from '../cache/object-cache.types.js';
import { hasReason } from '../client/kube-errors.js';
import type { Reconciler } from './reconciler.types.js';
import { WorkQueue } from './work-queue.js';

export interface ControllerLoopOptions {
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Keys reconciled at the same time. Default 1. */
  readonly concurrency?: number | undefined;
}

/** A cache that feeds the loop. */
interface Feed {
  readonly whenSynced: (signal: AbortSignal) => Promise<void>;
  readonly subscribe: () => () => void;
}

/** One run from start to stop. */
interface Run {
  readonly abort: AbortController;
  readonly unsubscribe: (() => void)[];
  readonly ended: Promise<unknown>;
}

/**
 * Calls a Reconciler for each key that is enqueued, until it succeeds. May be started again after a stop: then every object in the watched caches is
 * looked at again, so a process that regains leadership takes nothing for granted.
 */
export class ControllerLoop {
  readonly #options: ControllerLoopOptions;
  readonly #feeds: Feed[] = [];
  #queue: WorkQueue;
  #run: Run | undefined;

  constructor(options: ControllerLoopOptions) {
    this.#options = options;
    this.#queue = new WorkQueue(options.clock);
  }

  /** Looks at this object as soon as a worker is free. Before the start it waits. */
  enqueue(key: ObjectKey): void {
    this.#queue.add(key);
  }

  /** Enqueues what `keysOf` makes of each change in a cache; nothing is reconciled before the cache has synced. Call before the start. */
  watch<T extends KubeObject>(cache: ObjectCache<T>, keysOf: (change: ObjectChange<T>) => readonly ObjectKey[]): void {
    if (this.#run !== undefined) throw new Error(`${this.#options.reconciler.name} is running already`);
    this.#feeds.push({
      whenSynced: (signal) => cache.whenSynced(signal),
      subscribe: () =>
        cache.subscribe((change) => {
          for (const key of keysOf(change)) this.enqueue(key);
        }),
    });
  }

  start(): void {
    if (this.#run !== undefined) return;
    const abort = new AbortController();
    const unsubscribe = this.#feeds.map((feed) => feed.subscribe());
    this.#run = { abort, unsubscribe, ended: this.#work(this.#queue, abort.signal) };
  }

  /** Takes up no further key, aborts the signal of running reconciles and waits for them. */
  async stop(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    for (const end of run.unsubscribe.splice(0)) end();
    run.abort.abort();
    this.#queue.close();
    await run.ended;
    if (this.#run !== run) return;
    this.#queue = new WorkQueue(this.#options.clock);
    this.#run = undefined;
  }

  async #work(queue: WorkQueue, signal: AbortSignal): Promise<void> {
    const { reconciler, logger, concurrency = 1 } = this.#options;
    try {
      await Promise.all(this.#feeds.map((feed) => feed.whenSynced(signal)));
    } catch (error) {
      if (!signal.aborted) logger.error('Nothing is reconciled: a cache ended', { reconciler: reconciler.name, error });
      return;
    }
    await Promise.all(Array.from({ length: concurrency }, () => this.#worker(queue, signal)));
  }

  async #worker(queue: WorkQueue, signal: AbortSignal): Promise<void> {
    for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
      await this.#reconcile(queue, key, signal);
      queue.done(key);
    }
  }

  async #reconcile(queue: WorkQueue, key: ObjectKey, signal: AbortSignal): Promise<void> {
    const { reconciler, logger } = this.#options;
    try {
      const result = await reconciler.reconcile(key, signal);
      queue.forget(key);
      if (result?.requeueAfterMs !== undefined) queue.addAfter(key, result.requeueAfterMs);
    } catch (error) {
      if (signal.aborted) return;
      const fields = { reconciler: reconciler.name, ...key, retryInMs: queue.retry(key), error };
      // Somebody wrote in between: part of optimistic concurrency, not a fault.
      if (hasReason(error, 'Conflict')) logger.debug('The object changed meanwhile; trying again', fields);
      else logger.warn('Reconciling failed; trying again', fields);
    }
  }
}
