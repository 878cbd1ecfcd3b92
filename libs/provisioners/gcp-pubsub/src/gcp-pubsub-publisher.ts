import type { PubSub, Topic } from '@google-cloud/pubsub';
import type { Clock, PublishResult, StoredEvent } from '@millrace/eventing-api';
import { GRPC, refusal, refusalOf } from './gcp-pubsub-refusals.js';
import { toPubSubMessage, type PubSubMessage } from './message-mapping.js';

/** What one request may take. Shorter than the limit, so that the service's own words are heard. */
const REQUEST_TIMEOUT_MS = 8000;
/** What may pass after the first request until the last. */
const TRY_AGAIN_MS = 4000;
/** The contract's limit. */
const PUBLISH_LIMIT_MS = 10_000;

/** What may wait for answers of the service, in all Channels of a store together. */
const MAX_PENDING_EVENTS = 20_000;
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/**
 * What may wait for answers in one key beside the first. The client fills the next request of a key as long as one is under way, beyond what a request
 * takes (10 MB; 6.3.0 asks whether it is full before it adds, not after).
 */
const MAX_PENDING_BYTES_PER_KEY = 8 * 1024 * 1024;

/** By default the client tries for minutes, and over-full for as long, so that the producer never hears of it. */
const RETRY = {
  retryCodes: [GRPC.cancelled, GRPC.unknown, GRPC.aborted, GRPC.internal, GRPC.unavailable],
  backoffSettings: {
    initialRetryDelayMillis: 100,
    retryDelayMultiplier: 2,
    maxRetryDelayMillis: 1000,
    initialRpcTimeoutMillis: REQUEST_TIMEOUT_MS,
    rpcTimeoutMultiplier: 1,
    maxRpcTimeoutMillis: REQUEST_TIMEOUT_MS,
    totalTimeoutMillis: TRY_AGAIN_MS,
  },
};

/** A lone event waits 2 ms for others. */
const BATCHING = { maxMessages: 200, maxBytes: 1024 * 1024, maxMilliseconds: 2 };

/** A topic while events wait for its answers. */
interface BusyTopic {
  /** Holds the batches. */
  readonly topic: Topic;
  readonly pendingBytesByKey: Map<string, number>;
  pendingEvents: number;
}

/** Publishes the events of one store. */
export class GcpPubSubPublisher {
  private readonly busyTopics = new Map<string, BusyTopic>();
  private pendingEvents = 0;
  private pendingBytes = 0;

  constructor(
    private readonly client: PubSub,
    private readonly clock: Clock,
  ) {}

  publish(topicName: string, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    if (signal?.aborted) return Promise.resolve(refusal('timeout', 'The time of the publish was up before it began'));
    const mapping = toPubSubMessage(event);
    if (mapping.outcome === 'too-large') return Promise.resolve(refusal('too-large', mapping.message));
    if (this.pendingEvents >= MAX_PENDING_EVENTS || this.pendingBytes + mapping.bytes > MAX_PENDING_BYTES) {
      return Promise.resolve(refusal('full', `${this.pendingEvents} events wait for the answer of Pub/Sub`));
    }
    const pendingOfKey = this.pendingBytesOf(topicName, mapping.message.orderingKey);
    if (pendingOfKey > 0 && pendingOfKey + mapping.bytes > MAX_PENDING_BYTES_PER_KEY) {
      return Promise.resolve(refusal('full', `${pendingOfKey} bytes of this key wait for the answer of Pub/Sub`));
    }
    return this.within(this.send(topicName, mapping.message, mapping.bytes), signal);
  }

  private async send(topicName: string, message: PubSubMessage, bytes: number): Promise<PublishResult> {
    const busy = this.busyTopic(topicName);
    this.count(busy, message, 1, bytes);
    const { topic } = busy;
    try {
      await topic.publishMessage(message);
      return { outcome: 'stored' };
    } catch (error) {
      // After a failure the client takes nothing of this key any more until it is told.
      if (message.orderingKey !== undefined) topic.resumePublishing(message.orderingKey);
      return refusalOf(error);
    } finally {
      this.count(busy, message, -1, -bytes);
      if (busy.pendingEvents === 0) this.busyTopics.delete(topicName);
    }
  }

  private count(busy: BusyTopic, { orderingKey }: PubSubMessage, events: 1 | -1, bytes: number): void {
    this.pendingEvents += events;
    this.pendingBytes += bytes;
    busy.pendingEvents += events;
    if (orderingKey === undefined) return;
    const pending = (busy.pendingBytesByKey.get(orderingKey) ?? 0) + bytes;
    if (pending === 0) busy.pendingBytesByKey.delete(orderingKey);
    else busy.pendingBytesByKey.set(orderingKey, pending);
  }

  private pendingBytesOf(topicName: string, orderingKey: string | undefined): number {
    if (orderingKey === undefined) return 0;
    return this.busyTopics.get(topicName)?.pendingBytesByKey.get(orderingKey) ?? 0;
  }

  /** The answer of the service, or `timeout` when the time is up; the event may be stored after that. */
  private within(sending: Promise<PublishResult>, signal: AbortSignal | undefined): Promise<PublishResult> {
    return new Promise((resolve) => {
      const answer = (result: PublishResult) => {
        timer.cancel();
        signal?.removeEventListener('abort', onTimeUp);
        resolve(result);
      };
      const onTimeUp = () => answer(refusal('timeout', 'Pub/Sub did not answer in time; the event may be stored'));
      const timer = this.clock.schedule(PUBLISH_LIMIT_MS, onTimeUp);
      signal?.addEventListener('abort', onTimeUp, { once: true });
      void sending.then(answer);
    });
  }

  private busyTopic(name: string): BusyTopic {
    let busy = this.busyTopics.get(name);
    if (!busy) {
      const topic = this.client.topic(name, { messageOrdering: true, batching: BATCHING, gaxOpts: { retry: RETRY } });
      busy = { topic, pendingBytesByKey: new Map(), pendingEvents: 0 };
      this.busyTopics.set(name, busy);
    }
    return busy;
  }
}
