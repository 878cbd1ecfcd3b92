import {
  sleep,
  type Clock,
  type DriverChannel,
  type DriverSubscription,
  type StartPosition,
} from '@millrace/eventing-api';
import type { Admin, Cluster, FetchOffsetsPartition, PartitionOffset } from 'kafkajs';
import { faultOf } from './kafka-errors.js';
import { isUnknownTopic } from './kafka-refusals.js';
import type { AdminAccess, KafkaSession } from './kafka-session.js';
import { groupName, groupPrefix, topicName } from './names.js';
import { isOfFormerTopic, positionNote, topicIdOf, type TopicId } from './topic-id.js';

const LIMIT_MS = 20_000;
/** Groups are found on the broker that coordinates them, which may still be loading them after a start. */
const LOOK_LIMIT_MS = 5000;
/** Says that a commit comes from nobody's consumption (Kafka protocol: OffsetCommit). */
const NO_GENERATION = -1;
/** What stands for a position that a group does not have. kafkajs commits -2 where the broker has deleted what was next: that is one, before the first event that is kept. */
const NO_POSITION = -1;
/** A partition that no topic has. */
const NO_PARTITION = 2 ** 31 - 1;
/** A commit that another process makes just now can be read after this long. */
const COMMIT_SETTLES_MS = 500;

/** Position by partition: the offset of the first event that is not settled. */
export type Positions = ReadonlyMap<number, number>;

/** Where a group stands. */
export interface GroupPositions {
  /** The topic that the positions are of. */
  readonly topicId: TopicId;
  /** Empty where the group has none; 0 where it stood in a former topic of the name, or before the first event that is kept. A partition without one is read from its beginning. */
  readonly positions: Positions;
}

/** Offsets that a topic holds, by partition. */
export interface TopicOffsets {
  readonly low: Positions;
  readonly high: Positions;
}

/** Where a group is to begin. */
interface StartCommit {
  readonly groupId: string;
  readonly topic: string;
  readonly topicId: TopicId;
  readonly partitions: readonly PartitionOffset[];
}

/**
 * Positions of Subscriptions: the committed offsets of their consumer groups. Each says of which topic it is: when somebody deletes a topic, and it is made again, a position
 * in the former one, which a process that has not heard of it may commit at any time, would skip events of the new one.
 */
export class ConsumerGroups {
  /**
   * @param session for what concerns groups
   * @param offsets for what concerns the contents of topics, which kafkajs's clients then keep in mind
   */
  constructor(
    private readonly session: KafkaSession,
    private readonly offsetSession: KafkaSession,
    private readonly clock: Clock,
  ) {}

  /** Fixes where a group begins, unless it has begun. */
  async ensure(subscription: DriverSubscription, start: StartPosition): Promise<void> {
    const topic = topicName(subscription.channel);
    const groupId = groupName(subscription);
    const what = `Group ${groupId} cannot be ensured`;
    // First which topic, then where the group would begin in it, then whether it has begun: of two processes that do this at one time, none can skip what the other has promised.
    const topicId = await this.topicId(what, topic);
    const partitions = await this.offsetSession.call(what, LIMIT_MS / 2, ({ admin }) =>
      startOffsets(admin, topic, start),
    );
    await this.session.call(what, LIMIT_MS / 2, async ({ admin, cluster }) => {
      const exists = await groupExists(admin, groupId);
      if (await hasPosition(admin, groupId, topic)) return checkRights(cluster, groupId, topic);
      if (!exists) await commit(cluster, { groupId, topic, topicId, partitions });
      else await this.beginAgain({ admin, cluster }, { groupId, topic, topicId, partitions });
    });
  }

  /**
   * The broker has forgotten the positions of a group that was there, with its topic: whatever the topic holds by now, the Subscription has not had it. Members read a
   * partition without a position from its beginning anyway, and the broker takes a commit from them alone.
   */
  private async beginAgain({ admin, cluster }: AdminAccess, start: StartCommit): Promise<void> {
    await sleep(this.clock, COMMIT_SETTLES_MS);
    if (await hasPosition(admin, start.groupId, start.topic)) return;
    const partitions = start.partitions.map(({ partition }) => ({ partition, offset: '0' }));
    await commit(cluster, { ...start, partitions }).catch((error: unknown) => {
      if (faultOf(error).type !== 'UNKNOWN_MEMBER_ID') throw error;
    });
  }

  /** @throws where there is no such topic */
  async positions(subscription: DriverSubscription): Promise<GroupPositions> {
    const groupId = groupName(subscription);
    const topic = topicName(subscription.channel);
    const what = `Positions of group ${groupId} cannot be read`;
    const topicId = await this.topicId(what, topic);
    const partitions = await this.session.call(what, LOOK_LIMIT_MS, ({ admin }) => committed(admin, groupId, topic));
    const positions = new Map<number, number>();
    for (const { partition, offset, metadata } of partitions) {
      positions.set(partition, isOfFormerTopic(metadata, topicId) ? 0 : Math.max(0, Number(offset)));
    }
    return { topicId, positions };
  }

  private async topicId(what: string, topic: string): Promise<TopicId> {
    const topicId = await this.session.call(what, LOOK_LIMIT_MS, ({ cluster }) => topicIdOf(cluster, topic));
    if (topicId === undefined) throw new Error(`${what}: there is no topic ${topic}`);
    return topicId;
  }

  offsets(channel: DriverChannel): Promise<TopicOffsets> {
    const topic = topicName(channel);
    return this.offsetSession.call(`Offsets of topic ${topic} cannot be read`, LOOK_LIMIT_MS, async ({ admin }) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return {
        low: new Map(offsets.map(({ partition, low }) => [partition, Number(low)])),
        high: new Map(offsets.map(({ partition, high }) => [partition, Number(high)])),
      };
    });
  }

  /** A group that is not there is a success; one that is consumed is not. */
  async delete(subscription: DriverSubscription): Promise<void> {
    const groupId = groupName(subscription);
    await this.session.call(`Group ${groupId} cannot be deleted`, LIMIT_MS, ({ admin }) => remove(admin, groupId));
  }

  /** Deletes the groups of all Subscriptions of a Channel. */
  async deleteAll(channel: DriverChannel): Promise<void> {
    const prefix = groupPrefix(channel);
    await this.session.call(`Groups ${prefix}… cannot be deleted`, LIMIT_MS, async ({ admin }) => {
      const { groups } = await admin.listGroups();
      for (const { groupId } of groups) if (groupId.startsWith(prefix)) await remove(admin, groupId);
    });
  }
}

async function startOffsets(admin: Admin, topic: string, start: StartPosition): Promise<PartitionOffset[]> {
  if (typeof start === 'object') return admin.fetchTopicOffsetsByTimestamp(topic, start.time.getTime());
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.map(({ partition, low, high }) => ({ partition, offset: start === 'earliest' ? low : high }));
}

async function groupExists(admin: Admin, groupId: string): Promise<boolean> {
  const { groups } = await admin.describeGroups([groupId]);
  return groups.some(({ state }) => state !== 'Dead');
}

async function hasPosition(admin: Admin, groupId: string, topic: string): Promise<boolean> {
  return (await committed(admin, groupId, topic)).length > 0;
}

async function committed(admin: Admin, groupId: string, topic: string): Promise<FetchOffsetsPartition[]> {
  // Without topics: else the admin client keeps the topic in mind, and fails once it is gone.
  const topics = await admin.fetchOffsets({ groupId });
  const partitions = topics.find((found) => found.topic === topic)?.partitions ?? [];
  return partitions.filter(({ offset }) => Number(offset) !== NO_POSITION);
}

/** As an admin client of Kafka's own does it: at once, where kafkajs's joins the group with a consumer and takes seconds. The broker refuses it where the group is consumed. */
async function commit(cluster: Cluster, { groupId, topic, topicId, partitions }: StartCommit): Promise<void> {
  const metadata = positionNote(topicId);
  await cluster.connect();
  const coordinator = await cluster.findGroupCoordinator({ groupId });
  await coordinator.offsetCommit({
    groupId,
    memberId: '',
    groupGenerationId: NO_GENERATION,
    topics: [{ topic, partitions: partitions.map((start) => ({ ...start, metadata })) }],
  });
}

/**
 * Throws where we may not consume: a position that is there can be read with fewer rights. The broker looks at rights first, and takes no commit for a partition that it
 * does not have.
 */
async function checkRights(cluster: Cluster, groupId: string, topic: string): Promise<void> {
  const nowhere = { partition: NO_PARTITION, offset: '0' };
  await commit(cluster, { groupId, topic, topicId: '', partitions: [nowhere] }).catch((error: unknown) => {
    if (!isUnknownTopic(error)) throw error;
  });
}

async function remove(admin: Admin, groupId: string): Promise<void> {
  try {
    await admin.deleteGroups([groupId]);
  } catch (error) {
    if (faultOf(error).type !== 'GROUP_ID_NOT_FOUND') throw error;
  }
}
