import type { Clock, PublishResult, StoredEvent, Timer } from '@millrace/eventing-api';
import type { Message, Producer } from 'kafkajs';
import type { KafkaClients } from '../kafka-clients.js';
import { isConnectionSpoiled, isUnknownTopic, refused } from '../kafka-refusals.js';
import type { TopicInfo } from '../kafka-topics.js';
import { toKafkaMessage } from '../message-mapping.js';
import { partitionOfKey } from './murmur2.js';
import { PartitionBatcher } from './partition-batcher.js';
import { PendingPublish } from './pending-publish.js';

/** What all topics of a store share. */
export interface PublishBudget {
  readonly maxPendingEvents: number;
  readonly maxPendingBytes: number;
  pendingBytes: number;
}

/** What a publisher works with. */
interface TopicPublisherParts {
  readonly clients: KafkaClients;
  readonly clock: Clock;
  /** Is called when the broker says that the topic is not there. */
  readonly onUnknown: () => void;
  /** Is called when nothing was published for minutes. */
  readonly onIdle: () => void;
}

/** Under the 10 s that a publish may take. */
const ANSWER_WITHIN_MS = 9000;
const LOOK_EVERY_MS = 500;
const RETRY_AFTER_MS = 1000;
/** A publisher that has had nothing to do for so long is let go of: another process may have deleted its topic. */
const IDLE_MS = 5 * 60_000;
const ACK_TIMEOUT_MS = 5000;
const ALL_REPLICAS = -1;
const MAX_BATCH_BYTES = 512 * 1024;
/** Bytes of events without a key that one partition gets before the next one does (KIP-794 does the same). */
const KEYLESS_IN_A_ROW_BYTES = 128 * 1024;

const OVERDUE = refused('timeout', 'The broker did not acknowledge the event in time; it may be stored');

/**
 * Publishes to one topic, over a connection of its own: a client of kafkajs that has several topics fails for all of them when one is deleted or has a partition without
 * a leader.
 */
export class TopicPublisher {
  private readonly batchers: PartitionBatcher[] = [];
  private producer: Producer | undefined;
  private connected: Promise<Producer> | undefined;
  private pendingEvents = 0;
  /** The partition that events without a key go to, and what it has had of them in a row. */
  private readonly keyless = { partition: 0, bytes: 0 };
  private timer: Timer | undefined;
  private idleTimer: Timer | undefined;
  private closed = false;

  constructor(
    private readonly topic: string,
    private info: TopicInfo,
    private readonly budget: PublishBudget,
    private readonly parts: TopicPublisherParts,
  ) {
    this.update(info);
    this.idleTimer = parts.clock.schedule(IDLE_MS, this.tellIdle);
  }

  /** The topic has grown, or takes larger events now. False where it has shrunk, and so is another of its name. */
  update(info: TopicInfo): boolean {
    if (info.partitions < this.batchers.length) return false;
    this.info = info;
    while (this.batchers.length < info.partitions) {
      const partition = this.batchers.length;
      this.batchers.push(
        new PartitionBatcher((messages) => this.send(partition, messages), this.onGone, this.maxBatchBytes),
      );
    }
    return true;
  }

  /** @param startedMs when the time of this publish began, in milliseconds since the epoch */
  publish(event: StoredEvent, signal: AbortSignal | undefined, startedMs: number): Promise<PublishResult> {
    const { message, bytes } = toKafkaMessage(event);
    const refusal = this.refusalOf(bytes);
    if (refusal) return Promise.resolve(refusal);
    const dueMs = startedMs + ANSWER_WITHIN_MS;
    const publish = new PendingPublish(message, bytes, dueMs, signal, this.onAbort);
    this.pendingEvents++;
    this.budget.pendingBytes += bytes;
    this.timer ??= this.parts.clock.schedule(LOOK_EVERY_MS, this.answerOverdue);
    const partition = message.key
      ? partitionOfKey(message.key as Buffer, this.batchers.length)
      : this.keylessPartition(bytes);
    message.partition = partition;
    (this.batchers[partition] as PartitionBatcher).add(publish);
    return publish.result;
  }

  /** Answers what waits, and lets go of the connection without waiting. */
  close(result: PublishResult): void {
    this.closed = true;
    this.timer?.cancel();
    this.idleTimer?.cancel();
    for (const batcher of this.batchers) batcher.answerAll(result);
    this.dropProducer();
  }

  private refusalOf(bytes: number): PublishResult | undefined {
    const { maxMessageBytes } = this.info;
    if (bytes > maxMessageBytes) {
      return refused(
        'too-large',
        `The record takes ${bytes} bytes, the topic at most ${maxMessageBytes} (max.message.bytes)`,
      );
    }
    const { maxPendingEvents, maxPendingBytes, pendingBytes } = this.budget;
    if (this.pendingEvents >= maxPendingEvents) {
      const message = `${this.pendingEvents} events wait for the broker (maxPendingEvents)`;
      return refused('full', message, RETRY_AFTER_MS);
    }
    if (pendingBytes + bytes > maxPendingBytes && pendingBytes > 0) {
      const message = `The events that wait for the broker take ${pendingBytes} bytes (maxPendingBytes)`;
      return refused('full', message, RETRY_AFTER_MS);
    }
    return undefined;
  }

  /** The same one for a while, also while a batch of it is under way, so that batches are few and large: each request costs broker and client more than an event does. */
  private keylessPartition(bytes: number): number {
    const { keyless, batchers } = this;
    if (keyless.bytes >= KEYLESS_IN_A_ROW_BYTES) {
      keyless.partition = (keyless.partition + 1) % batchers.length;
      keyless.bytes = 0;
    }
    keyless.bytes += bytes;
    return keyless.partition;
  }

  private async send(partition: number, messages: Message[]): Promise<void> {
    if (await this.sendOnce(messages)) return;
    if (await this.sendOnce(messages)) return;
    throw new Error(`Partition ${partition} of the topic is not known to the broker yet`);
  }

  /** False where nothing was sent: kafkajs leaves out partitions that it has not heard of, and calls that a success. */
  private async sendOnce(messages: Message[]): Promise<boolean> {
    const connected = (this.connected ??= this.connect());
    try {
      const producer = await connected;
      const acknowledged = await producer.send({
        topic: this.topic,
        acks: ALL_REPLICAS,
        timeout: ACK_TIMEOUT_MS,
        messages,
      });
      if (acknowledged.length > 0) return true;
      if (this.connected === connected) this.dropProducer();
      return false;
    } catch (error) {
      if (isUnknownTopic(error)) this.parts.onUnknown();
      if (this.connected === connected && isConnectionSpoiled(error)) this.dropProducer();
      throw error;
    }
  }

  private connect(): Promise<Producer> {
    if (this.closed) return Promise.reject(new Error('The store is closed'));
    const producer = this.parts.clients.producer();
    this.producer = producer;
    const connected = producer.connect().then(() => producer);
    connected.catch(() => {
      if (this.connected === connected) this.dropProducer();
    });
    return connected;
  }

  private dropProducer(): void {
    this.producer?.disconnect().catch(() => {});
    this.producer = undefined;
    this.connected = undefined;
  }

  /** The broker measures the batch, not the event. */
  private readonly maxBatchBytes = (): number => Math.min(MAX_BATCH_BYTES, this.info.maxMessageBytes);

  private readonly onAbort = (publish: PendingPublish): void => publish.answer(OVERDUE);

  private readonly onGone = (publish: PendingPublish): void => {
    this.pendingEvents--;
    this.budget.pendingBytes -= publish.bytes;
  };

  private readonly answerOverdue = (): void => {
    const { clock } = this.parts;
    for (const batcher of this.batchers) batcher.answerOverdue(clock.now(), OVERDUE);
    this.timer = undefined;
    this.idleTimer?.cancel();
    if (this.pendingEvents > 0) this.timer = clock.schedule(LOOK_EVERY_MS, this.answerOverdue);
    else this.idleTimer = clock.schedule(IDLE_MS, this.tellIdle);
  };

  private readonly tellIdle = (): void => {
    if (this.pendingEvents === 0) this.parts.onIdle();
  };
}
