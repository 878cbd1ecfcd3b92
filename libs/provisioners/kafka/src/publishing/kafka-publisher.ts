import type { Clock, DriverChannel, PublishResult, StoredEvent } from '@millrace/eventing-api';
import type { KafkaClients } from '../kafka-clients.js';
import { refusalOf, refused } from '../kafka-refusals.js';
import type { KafkaTopics, TopicInfo } from '../kafka-topics.js';
import { topicName } from '../names.js';
import { TopicPublisher, type PublishBudget } from './topic-publisher.js';

const CLOSED = refused('unavailable', 'The store is closed');
const TOO_LATE = refused('timeout', 'The time of the publish was up before it began');

/** After this long a topic is looked at again: it may have grown. */
const LOOK_AGAIN_AFTER_MS = 60_000;
/** After this long a look that has failed is tried again. */
const TRY_AGAIN_AFTER_MS = 1000;

/** What is known of a topic. */
interface KnownTopic {
  publisher: TopicPublisher | undefined;
  looking: Promise<TopicPublisher | undefined> | undefined;
  lookAgainMs: number;
  /** How often it was ensured here: what a look has found that began before says less. */
  ensured: number;
}

/** Publishes to the topics of Channels, those that another process has made included. */
export class KafkaPublisher {
  private readonly topics = new Map<string, KnownTopic>();
  private readonly budget: PublishBudget;
  private closed = false;

  constructor(
    limits: Pick<PublishBudget, 'maxPendingEvents' | 'maxPendingBytes'>,
    private readonly parts: { readonly clients: KafkaClients; readonly topics: KafkaTopics; readonly clock: Clock },
  ) {
    const { maxPendingEvents, maxPendingBytes } = limits;
    this.budget = { maxPendingEvents, maxPendingBytes, pendingBytes: 0 };
  }

  /** Never rejects. */
  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult> {
    if (this.closed) return Promise.resolve(CLOSED);
    if (signal?.aborted) return Promise.resolve(TOO_LATE);
    const known = this.knownTopic(channel);
    const { publisher } = known;
    const now = this.parts.clock.now();
    if (!publisher) return this.publishOnceKnown(channel, event, signal, now);
    if (now >= known.lookAgainMs) void this.look(channel, known).catch(() => {});
    return publisher.publish(event, signal, now);
  }

  /** The topic of a Channel was ensured. */
  learn(channel: DriverChannel, info: TopicInfo): void {
    if (this.closed) return;
    const known = this.knownTopic(channel);
    known.ensured++;
    this.know(channel, known, info);
  }

  /** The topic of a Channel is deleted, or has not been published to for long. */
  forget(channel: DriverChannel): void {
    const key = keyOf(channel);
    const { publisher } = this.topics.get(key) ?? {};
    this.topics.delete(key);
    publisher?.close(unknownChannel(channel));
  }

  close(): void {
    this.closed = true;
    for (const { publisher } of this.topics.values()) publisher?.close(CLOSED);
    this.topics.clear();
  }

  private knownTopic(channel: DriverChannel): KnownTopic {
    const key = keyOf(channel);
    let known = this.topics.get(key);
    if (!known) {
      known = { publisher: undefined, looking: undefined, lookAgainMs: 0, ensured: 0 };
      this.topics.set(key, known);
    }
    return known;
  }

  private async publishOnceKnown(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
    startedMs: number,
  ): Promise<PublishResult> {
    const up = Promise.withResolvers<PublishResult>();
    const onAbort = () => up.resolve(TOO_LATE);
    signal?.addEventListener('abort', onAbort, { once: true });
    const publishing = this.lookAndPublish(channel, event, signal, startedMs);
    const result = await Promise.race([publishing, up.promise]);
    signal?.removeEventListener('abort', onAbort);
    return result;
  }

  private async lookAndPublish(
    channel: DriverChannel,
    event: StoredEvent,
    signal: AbortSignal | undefined,
    startedMs: number,
  ): Promise<PublishResult> {
    try {
      const publisher = await this.find(channel);
      if (this.closed) return CLOSED;
      if (signal?.aborted) return TOO_LATE;
      return publisher ? await publisher.publish(event, signal, startedMs) : unknownChannel(channel);
    } catch (error) {
      return refusalOf(error);
    }
  }

  /** A look that is under way may have missed what another process has ensured before it was asked for here. */
  private async find(channel: DriverChannel): Promise<TopicPublisher | undefined> {
    const { looking } = this.knownTopic(channel);
    const found = looking && (await looking);
    return found ?? this.look(channel, this.knownTopic(channel));
  }

  /** One look at a time. */
  private look(channel: DriverChannel, known: KnownTopic): Promise<TopicPublisher | undefined> {
    known.looking ??= this.lookNow(channel, known).finally(() => (known.looking = undefined));
    return known.looking;
  }

  private async lookNow(channel: DriverChannel, known: KnownTopic): Promise<TopicPublisher | undefined> {
    const { ensured } = known;
    const info = await this.parts.topics.look(channel).catch((error: unknown) => {
      known.lookAgainMs = this.parts.clock.now() + TRY_AGAIN_AFTER_MS;
      throw error;
    });
    const current = this.topics.get(keyOf(channel));
    // Forgotten, or ensured, meanwhile.
    if (current !== known || known.ensured !== ensured) return current?.publisher;
    if (info) return this.know(channel, known, info);
    this.forget(channel);
    return undefined;
  }

  private know(channel: DriverChannel, known: KnownTopic, info: TopicInfo): TopicPublisher {
    known.lookAgainMs = this.parts.clock.now() + LOOK_AGAIN_AFTER_MS;
    if (known.publisher?.update(info)) return known.publisher;
    known.publisher?.close(unknownChannel(channel));
    const onUnknown = () => (known.lookAgainMs = 0);
    const onIdle = () => this.forget(channel);
    const parts = { ...this.parts, onUnknown, onIdle };
    known.publisher = new TopicPublisher(topicName(channel), info, this.budget, parts);
    return known.publisher;
  }
}

function keyOf({ uid, purpose }: DriverChannel): string {
  return `${purpose}/${uid}`;
}

function unknownChannel({ namespace, name }: DriverChannel): PublishResult {
  return refused('not-found', `Channel ${namespace}/${name} has no topic`);
}
