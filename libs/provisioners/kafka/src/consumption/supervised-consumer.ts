import { RareWarning, type Clock, type Logger, type Timer } from '@millrace/eventing-api';
import type { Broker, Cluster, Consumer, EachBatchPayload } from 'kafkajs';
import { describeError, faultOf } from '../kafka-errors.js';
import { REBALANCE_TIMEOUT_MS, type KafkaClients } from '../kafka-clients.js';
import { isRightMissing, isUnknownTopic } from '../kafka-refusals.js';
import { positionNote, type TopicId } from '../topic-id.js';

/** Who takes what a consumer gets. */
export interface GroupMember {
  /** Events of one partition, in order; must not wait. */
  onBatch(payload: EachBatchPayload): void;
  /** The group gives its partitions away anew: resolves when this process may lose some of its own. */
  beforeJoin(): Promise<void>;
  /** @param isSameMember whether nobody else can have had the partitions meanwhile */
  onJoin(partitions: readonly number[], isSameMember: boolean): void;
  /** The consumer is gone, and a new one is on its way; until it has joined the partitions may still be ours. */
  onDown(): void;
  /** The group has not heard of this process for so long that it may have given its partitions to others. */
  onExpired(): void;
  /** The topic is gone for good, or a right to read it: nothing is tried any more. */
  onGone(error: Error): void;
}

/** What is consumed. */
export interface ConsumedGroup {
  readonly topic: string;
  readonly groupId: string;
  readonly sessionTimeoutMs: number;
}

export interface ConsumerParts {
  readonly clients: KafkaClients;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Undefined where there is no such topic; rejects where nobody can tell now. */
  readonly topicId: (topic: string) => Promise<TopicId | undefined>;
}

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 5000;
/** The broker answers a join after the rebalance time-out at the latest, and its answer takes a while. */
const JOIN_LIMIT_MS = REBALANCE_TIMEOUT_MS + 5000;
/** Up to this part of the session time-out after the last heartbeat the partitions are surely ours. */
const LEASE_SHARE = 0.8;

const NOT_WANTED = 'The consumer is not wanted any more';

/** A broker with the request that kafkajs's types leave out. */
type Coordinator = Broker & { leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown> };

/** What a commit is made in the name of. */
interface Membership {
  readonly memberId: string;
  readonly groupGenerationId: number;
}

/**
 * A member of a consumer group for as long as it takes. kafkajs gives up on some errors for good and without a word; here every crash, and every silence that outlasts
 * the session, makes a new consumer, with back-off.
 */
export class SupervisedConsumer {
  private consumer: Consumer | undefined;
  /** Resolves when the consumer has joined, or failed to: before that kafkajs cannot be stopped. */
  private starting: Promise<void> = Promise.resolve();
  private payload: EachBatchPayload | undefined;
  private coordinator: Broker | undefined;
  private membership: Membership | undefined;
  private memberId: string | undefined;
  /** The membership of a consumer that is gone: as long as it lasts, the group waits for it. */
  private staleMemberId: string | undefined;
  private backoffMs = FIRST_BACKOFF_MS;
  private provedMs: number;
  private joining = false;
  private timer: Timer | undefined;
  private suspectsTopic = false;
  private readonly losses: RareWarning;
  private stopped = false;

  constructor(
    private readonly group: ConsumedGroup,
    private readonly member: GroupMember,
    private readonly parts: ConsumerParts,
  ) {
    this.provedMs = parts.clock.now();
    this.losses = new RareWarning(parts.logger, parts.clock, 'A consumer was lost; a new one is made');
  }

  start(): void {
    this.starting = this.run();
  }

  /** Whether the partitions are surely ours, as far as time tells. */
  get leaseHolds(): boolean {
    return this.silentMs < LEASE_SHARE * this.group.sessionTimeoutMs;
  }

  /** Looks at the lease; to be called now and then. */
  check(): void {
    const limitMs = this.joining ? JOIN_LIMIT_MS : this.group.sessionTimeoutMs;
    if (this.stopped || this.silentMs < limitMs) return;
    this.provedMs = this.parts.clock.now();
    this.member.onExpired();
    if (this.consumer) this.fail(this.consumer, new Error('The group was silent for longer than its session lasts'));
  }

  pause(partition: number): void {
    const { topic } = this.group;
    this.tell((consumer) => consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume(partition: number): void {
    const { topic } = this.group;
    this.tell((consumer) => consumer.resume([{ topic, partitions: [partition] }]));
  }

  seek(partition: number, offset: number): void {
    const { topic } = this.group;
    this.tell((consumer) => consumer.seek({ topic, partition, offset: String(offset) }));
  }

  /**
   * @param topicId the topic that the positions are of
   * @throws where the broker does not take them, or there is no consumer
   */
  async commit(positions: ReadonlyMap<number, number>, topicId: TopicId): Promise<void> {
    const { topic, groupId } = this.group;
    const metadata = positionNote(topicId);
    const partitions = [...positions].map(([partition, offset]) => ({ partition, offset: String(offset), metadata }));
    const topics = [{ topic, partitions }];
    // Never by consumer.commitOffsets: it resolves without a commit once the consumer goes down, and tries again in the name of whatever generation comes next.
    if (this.payload) await this.payload.commitOffsetsIfNecessary({ topics });
    else if (this.coordinator && this.membership)
      await this.coordinator.offsetCommit({ groupId, ...this.membership, topics });
    else throw new Error('There is no connection to the group');
  }

  /** Keeps this member alive while it does nothing else. That the group has heard of it is told by an event: kafkajs also resolves where it has sent nothing. */
  async heartbeat(): Promise<void> {
    try {
      await this.payload?.heartbeat();
    } catch (error) {
      if (faultOf(error).type === 'REBALANCE_IN_PROGRESS') this.prove();
    }
  }

  /** Leaves the group. Resolves when that is done, or cannot be. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    const { consumer } = this;
    this.consumer = undefined;
    if (consumer) await this.retire(consumer);
  }

  private get silentMs(): number {
    return this.parts.clock.now() - this.provedMs;
  }

  /** kafkajs refuses orders while a consumer is coming up or going down; what holds then is said again when the group has been joined. */
  private tell(order: (consumer: Consumer) => void): void {
    try {
      if (this.consumer) order(this.consumer);
    } catch (error) {
      this.parts.logger.debug('A consumer did not take an order', { reason: describeError(error) });
    }
  }

  private prove(): void {
    this.provedMs = this.parts.clock.now();
  }

  private async run(): Promise<void> {
    const { groupId, topic } = this.group;
    const consumer = this.parts.clients.consumer(groupId, (cluster) =>
      this.gate(cluster, () => this.consumer === consumer),
    );
    this.consumer = consumer;
    this.listen(consumer);
    this.payload = undefined;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        eachBatch: (payload) => {
          this.take(consumer, payload);
          return Promise.resolve();
        },
      });
    } catch (error) {
      this.fail(consumer, error);
    }
  }

  private listen(consumer: Consumer): void {
    const ifCurrent =
      <Event>(listener: (event: Event) => void) =>
      (event: Event) => {
        if (this.consumer === consumer) listener(event);
      };
    consumer.on(
      'consumer.heartbeat',
      ifCurrent(({ payload: { memberId, groupGenerationId } }) => {
        this.membership = { memberId, groupGenerationId };
        this.prove();
      }),
    );
    consumer.on(
      'consumer.group_join',
      ifCurrent(({ payload }) => this.joined(payload.memberId, payload.memberAssignment[this.group.topic] ?? [])),
    );
    consumer.on(
      'consumer.crash',
      ifCurrent(({ payload }) => this.fail(consumer, payload.error)),
    );
  }

  /**
   * kafkajs waits for none of its listeners. The one place before each JoinGroup that can be made to wait is the look-up of the coordinator (kafkajs 2.2.4,
   * consumerGroup.js).
   */
  private gate(cluster: Cluster, isCurrent: () => boolean): void {
    const find = cluster.findGroupCoordinator.bind(cluster);
    cluster.findGroupCoordinator = async (request) => {
      // Both times: one that is not wanted must hold up nothing, and may have become so meanwhile.
      if (!isCurrent()) throw new Error(NOT_WANTED);
      await this.member.beforeJoin();
      const coordinator = (await find(request)) as Coordinator;
      if (!isCurrent()) throw new Error(NOT_WANTED);
      this.joining = true;
      this.coordinator = coordinator;
      await this.leaveStale(coordinator);
      return coordinator;
    };
  }

  /** Else the group waits until its session runs out. */
  private async leaveStale(coordinator: Coordinator): Promise<void> {
    const memberId = this.staleMemberId;
    this.staleMemberId = undefined;
    if (memberId === undefined) return;
    await coordinator.leaveGroup({ groupId: this.group.groupId, memberId }).catch(() => {});
  }

  private take(consumer: Consumer, payload: EachBatchPayload): void {
    if (this.consumer !== consumer || !payload.isRunning() || payload.isStale()) return;
    this.payload = payload;
    this.member.onBatch(payload);
  }

  private joined(memberId: string, partitions: readonly number[]): void {
    const isSameMember = this.memberId === memberId;
    this.memberId = memberId;
    this.membership = undefined;
    this.joining = false;
    this.suspectsTopic = false;
    this.backoffMs = FIRST_BACKOFF_MS;
    this.prove();
    this.member.onJoin(partitions, isSameMember);
  }

  private fail(consumer: Consumer, error: unknown): void {
    if (this.consumer !== consumer) return;
    this.consumer = undefined;
    this.payload = undefined;
    this.coordinator = undefined;
    this.membership = undefined;
    this.joining = false;
    this.staleMemberId = this.memberId ?? this.staleMemberId;
    this.memberId = undefined;
    void this.retire(consumer);
    if (this.stopped) return;
    this.losses.tell(() => ({ group: this.group.groupId, reason: describeError(error) }));
    this.member.onDown();
    if (isUnknownTopic(error)) void this.lookForTopic(error);
    else if (isRightMissing(error)) this.giveUp(new Error(describeError(error), { cause: error }));
    else this.again();
  }

  private async lookForTopic(error: unknown): Promise<void> {
    const { topic } = this.group;
    const exists = await this.parts.topicId(topic).then(
      (id) => id !== undefined,
      () => true,
    );
    if (this.stopped) return;
    // Once may be a broker that has not heard of the topic yet.
    if (!exists && this.suspectsTopic) {
      this.giveUp(new Error(`Topic ${topic} was deleted`, { cause: error }));
      return;
    }
    this.suspectsTopic = !exists;
    this.again();
  }

  private giveUp(error: Error): void {
    this.stopped = true;
    this.member.onGone(error);
  }

  /** A consumer that is told to disconnect while it joins joins nevertheless, and cannot be stopped any more. */
  private async retire(consumer: Consumer): Promise<void> {
    await this.starting;
    await consumer.disconnect().catch(() => {});
  }

  private again(): void {
    this.timer = this.parts.clock.schedule(this.backoffMs, () => this.start());
    this.backoffMs = Math.min(MAX_BACKOFF_MS, this.backoffMs * 2);
  }
}
