import { EVENT, sleep, type Clock, type Event, type KubeObject, type Logger } from '@millrace/eventing-api';
import type { KubeClient } from '../client/kube-client.types.js';
import { hasReason, KubeApiError } from '../client/kube-errors.js';
import { retryDelayMs } from '../reconcile/retry-delay.js';
import { eventFor, timeOf } from './event-object.js';

export interface EventRecorderOptions {
  readonly client: KubeClient;
  /** Who reports: `millrace-controller`. */
  readonly component: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An event that waits to be written. */
interface PendingEvent {
  readonly event: Event;
  /** How often it happened since it has been waiting. */
  times: number;
  lastAtMs: number;
}

/** An event as the API has it. */
interface StoredEvent {
  readonly name: string;
  readonly count: number;
  readonly lastAtMs: number;
}

const MAX_PENDING = 1000;
const MAX_REMEMBERED = 4096;
/** The same event again within this time goes up in `count`; later it is a new one. As in client-go's correlator. */
const WINDOW_MS = 600_000;
const MAX_ATTEMPTS = 6;
const FLUSH_LIMIT_MS = 5000;

/**
 * Writes core/v1 Events that tell what happened to an object. Telling is all that a caller waits for: writing happens in the background, one at a time. Events
 * are a courtesy: what cannot be written after six attempts, or does not fit into a queue of 1000, is counted, logged and let go.
 */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #pending = new Map<string, PendingEvent>();
  /** The least recently told first. */
  readonly #stored = new Map<string, StoredEvent>();
  #writing: Promise<void> | undefined;
  #sequence = 0;
  #dropped = 0;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Events that were never written. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Never waits and never throws. `reason` is one CamelCase word; `message` is cut at 1024 bytes. */
  record(regarding: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { clock, component } = this.#options;
    const nowMs = clock.now();
    const event = eventFor({ regarding, type, reason, message, component, nowMs, sequence: this.#sequence++ });
    const identity = identityOf(event);
    const waiting = this.#pending.get(identity);
    if (waiting !== undefined) {
      waiting.times += 1;
      waiting.lastAtMs = nowMs;
      return;
    }
    if (this.#pending.size >= MAX_PENDING) {
      this.#drop(event, 'the queue is full');
      return;
    }
    this.#pending.set(identity, { event, times: 1, lastAtMs: nowMs });
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when everything told so far has been written or let go, at the latest after 5 s. */
  async flush(): Promise<void> {
    if (this.#writing === undefined) return;
    const limit = new AbortController();
    await Promise.race([
      this.#writing,
      sleep(this.#options.clock, FLUSH_LIMIT_MS, limit.signal).catch(() => undefined),
    ]);
    limit.abort();
  }

  async #writeAll(): Promise<void> {
    for (let [next] = this.#pending; next !== undefined; [next] = this.#pending) {
      const [identity, pending] = next;
      this.#pending.delete(identity);
      await this.#write(identity, pending);
    }
    this.#writing = undefined;
  }

  async #write(identity: string, pending: PendingEvent): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.#remember(identity, await this.#store(identity, pending));
        return;
      } catch (error) {
        if (attempt === MAX_ATTEMPTS || !isPassing(error)) {
          this.#drop(pending.event, (error as Error).message);
          return;
        }
        await sleep(this.#options.clock, retryDelayMs(attempt, 500, 10_000));
      }
    }
  }

  /** Counts up the Event that the API has, or creates one. */
  async #store(identity: string, { event, times, lastAtMs }: PendingEvent): Promise<StoredEvent> {
    const { client } = this.#options;
    const stored = this.#stored.get(identity);
    if (stored !== undefined && lastAtMs - stored.lastAtMs <= WINDOW_MS) {
      const count = stored.count + times;
      const key = { namespace: event.metadata.namespace, name: stored.name };
      try {
        const patch = { count, lastTimestamp: timeOf(lastAtMs) };
        await client.patch(EVENT, key, 'application/merge-patch+json', patch);
        return { name: stored.name, count, lastAtMs };
      } catch (error) {
        if (!hasReason(error, 'NotFound')) throw error;
      }
    }
    try {
      await client.create(EVENT, { ...event, count: times, lastTimestamp: timeOf(lastAtMs) });
    } catch (error) {
      // An attempt before this one came through although its answer did not.
      if (!hasReason(error, 'AlreadyExists')) throw error;
    }
    return { name: event.metadata.name ?? '', count: times, lastAtMs };
  }

  #remember(identity: string, stored: StoredEvent): void {
    this.#stored.delete(identity);
    this.#stored.set(identity, stored);
    if (this.#stored.size <= MAX_REMEMBERED) return;
    const [oldest] = this.#stored.keys();
    if (oldest !== undefined) this.#stored.delete(oldest);
  }

  #drop({ involvedObject, reason, message }: Event, cause: string): void {
    this.#dropped += 1;
    this.#options.logger.warn('An Event was not written', {
      ...involvedObject,
      reason,
      message,
      cause,
      dropped: this.#dropped,
    });
  }
}

/** What two events must share to be the same event again. */
function identityOf({ involvedObject, type, reason, message }: Event): string {
  const { kind, namespace, name, uid } = involvedObject;
  return JSON.stringify([kind, namespace, name, uid, type, reason, message]);
}

/** True when another attempt may succeed: the API did not answer, or has too much to do. */
function isPassing(error: unknown): boolean {
  return !(error instanceof KubeApiError) || error.code === 429 || error.code >= 500;
}
