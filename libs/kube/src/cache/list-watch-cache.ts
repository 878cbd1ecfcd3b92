import {
  sleep,
  type Clock,
  type KubeObject,
  type Logger,
  type ObjectKey,
  type ResourceKind,
} from '@millrace/eventing-api';
import type { KubeClient, ListOptions, WatchEvent } from '../client/kube-client.types.js';
import { KubeApiError, KubeConnectionError } from '../client/kube-errors.js';
import { abortable } from './abortable.js';
import type { ChangeListener } from './cache-listeners.js';
import { listAll } from './list-all.js';
import type { ObjectCache } from './object-cache.types.js';
import { ObjectStore } from './object-store.js';
import { reconnectDelayMs } from './reconnect-delay.js';
import { isOlderVersion } from './resource-version.js';
import { SilenceGuard } from './silence-guard.js';

export interface ListWatchCacheOptions<T extends KubeObject> {
  readonly client: KubeClient;
  readonly kind: ResourceKind<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** A watch on which no line, not even a bookmark, came for this long is given up and opened again. Default 90 s: an API sends a bookmark about every minute. */
  readonly silenceMs?: number | undefined;
}

const DEFAULT_SILENCE_MS = 90_000;
/** A watch that held this long was healthy: failures before it count no more. */
const HEALTHY_AFTER_MS = 10_000;
/** From this many failures in a row on, each is logged as a warning again: the waits have grown to half a minute. */
const LASTING_FAILURES = 7;

/** How a watch ended. */
type WatchEnd = 'ended' | 'silent' | 'history-lost';

/**
 * A copy of all objects of a kind, kept by one list and a watch from there on. It outlives every failure of the connection: it watches on from the last version seen,
 * with back-off from 0.5 s to 30 s, and lists anew where the API no longer has that version (410) or has an older history than we do; objects that vanished
 * unseen are reported as deleted. Until then it goes on answering with what it knows.
 */
export class ListWatchCache<T extends KubeObject> implements ObjectCache<T> {
  readonly #options: ListWatchCacheOptions<T>;
  readonly #logger: Logger;
  readonly #store: ObjectStore<T>;
  readonly #abort = new AbortController();
  readonly #firstSync = Promise.withResolvers<undefined>();
  #synced = false;
  #ended: Promise<void> | undefined;
  /** Version to watch from; undefined = list first. */
  #resumeVersion: string | undefined;
  /** Newest version ever listed or watched. */
  #newestVersion = '';
  /** True when the latest watch has brought a line. */
  #heard = false;
  /** Connections in a row that were not healthy. */
  #failures = 0;
  #warned = false;

  constructor(options: ListWatchCacheOptions<T>) {
    this.#options = options;
    this.#logger = options.logger.child({ cache: options.kind.plural });
    this.#store = new ObjectStore(this.#logger);
    // Nobody may be waiting when the cache is stopped before its first sync.
    this.#firstSync.promise.catch(() => undefined);
  }

  get synced(): boolean {
    return this.#synced;
  }

  /** Rejects when the signal aborts, or when the cache is stopped before its first sync. */
  async whenSynced(signal?: AbortSignal): Promise<void> {
    await abortable(this.#firstSync.promise, signal);
  }

  get(key: ObjectKey): T | undefined {
    return this.#store.index.get(key);
  }

  list(namespace?: string): readonly T[] {
    return this.#store.index.list(namespace);
  }

  subscribe(listener: ChangeListener<T>): () => void {
    return this.#store.subscribe(listener);
  }

  /** Begins to list and watch; once in the life of a cache. */
  start(): void {
    this.#ended ??= this.#run(this.#abort.signal);
  }

  /** Ends the watch; nothing is reported after that. What was cached can still be read. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#firstSync.reject(new Error(`The cache of ${this.#options.kind.plural} was stopped before its first sync`));
    await this.#ended;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedAt = this.#options.clock.now();
      let problem: unknown;
      try {
        this.#resumeVersion ??= await this.#relist(signal);
        problem = await this.#watch(this.#resumeVersion, signal);
      } catch (error) {
        problem = error;
      }
      if (signal.aborted) return;
      const lasted = this.#options.clock.now() - startedAt >= HEALTHY_AFTER_MS;
      // An error after a long wait, as of a connection attempt that timed out, is no sign of health.
      const healthy = lasted && (this.#heard || problem === 'ended' || problem === 'silent');
      await this.#pause(problem, healthy, signal);
    }
  }

  async #relist(signal: AbortSignal): Promise<string> {
    const { client, kind } = this.#options;
    const { objects, version } = await abortable(listAll(client, kind, this.#selection(), signal), signal);
    if (isOlderVersion(version, this.#newestVersion)) {
      this.#logger.warn('The API has lost history; taking over its older state', { version, had: this.#newestVersion });
    }
    this.#newestVersion = version;
    this.#store.replaceAll(objects);
    this.#synced = true;
    this.#firstSync.resolve(undefined);
    return version;
  }

  async #watch(from: string, signal: AbortSignal): Promise<WatchEnd> {
    const { client, clock, kind, silenceMs = DEFAULT_SILENCE_MS } = this.#options;
    this.#heard = false;
    const connection = new AbortController();
    const guard = new SilenceGuard(clock, silenceMs, () => connection.abort());
    const events = client.watch(kind, {
      ...this.#selection(),
      resourceVersion: from,
      // Random, so that the watches of all caches do not end together.
      timeoutSeconds: Math.round(300 + Math.random() * 300),
      allowWatchBookmarks: true,
      signal: AbortSignal.any([signal, connection.signal]),
    });
    try {
      for await (const event of events) {
        guard.heard();
        this.#heard = true;
        this.#recovered();
        if (!this.#take(event)) return 'history-lost';
      }
    } finally {
      guard.end();
      connection.abort();
    }
    return guard.silent ? 'silent' : 'ended';
  }

  /** Applies one event; false when it is older than what we know, so the API has another history than ours. */
  #take(event: WatchEvent<T>): boolean {
    const version = event.object.metadata.resourceVersion ?? '';
    if (isOlderVersion(version, this.#newestVersion)) return false;
    if (event.type === 'DELETED') this.#store.remove(event.object);
    else if (event.type !== 'BOOKMARK') this.#store.apply(event.object);
    if (version !== '') {
      this.#resumeVersion = version;
      this.#newestVersion = version;
    }
    return true;
  }

  /** Decides from how the connection ended whether to list anew, and waits. */
  async #pause(problem: unknown, healthy: boolean, signal: AbortSignal): Promise<void> {
    const expected = problem === 'ended' || isExpired(problem);
    if (isExpired(problem) || problem === 'history-lost') this.#resumeVersion = undefined;
    if (healthy) this.#failures = expected ? 0 : 1;
    else this.#failures += 1;
    const delayMs = reconnectDelayMs(this.#failures);
    this.#logProblem(problem, expected, delayMs);
    if (delayMs > 0) await sleep(this.#options.clock, delayMs, signal).catch(() => undefined);
  }

  #logProblem(problem: unknown, expected: boolean, delayMs: number): void {
    const fields = { failures: this.#failures, retryInMs: Math.round(delayMs), problem: messageOf(problem) };
    const lasting = this.#failures >= LASTING_FAILURES;
    if (lasting || (this.#failures === 1 && problem instanceof Error && !expected)) {
      this.#warned = true;
      this.#logger.warn('The API cannot be watched; trying again', fields);
    } else this.#logger.debug('The watch ended; opening it again', fields);
  }

  #recovered(): void {
    if (!this.#warned) return;
    this.#warned = false;
    this.#logger.info('The API is being watched again');
  }

  #selection(): ListOptions {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return { namespace, labelSelector, fieldSelector };
  }
}

function isExpired(problem: unknown): boolean {
  return problem instanceof KubeApiError && problem.code === 410;
}

function messageOf(problem: unknown): string {
  if (problem instanceof KubeApiError || problem instanceof KubeConnectionError) return problem.message;
  return problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
}
