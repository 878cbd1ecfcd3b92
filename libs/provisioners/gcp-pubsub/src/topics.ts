import type { PubSub, Topic, TopicMetadata } from '@google-cloud/pubsub';
import type { ChannelReport, DriverChannel } from '@millrace/eventing-api';
import { adminCall } from './admin-call.js';
import type { GcpPubSubChannelOptions } from './gcp-pubsub-options.js';
import { GRPC, grpcCode, storeError, wordsOf } from './gcp-pubsub-refusals.js';
import { subscriptionPrefix, topicName, uidLabel } from './names.js';

/** Whose topic it is: one that names another Channel is left alone. */
const UID_LABEL = 'millrace-channel-uid';
const PURPOSE_LABEL = 'millrace-purpose';

/** What ensuring a topic found. */
type EnsuredTopic = Pick<ChannelReport, 'drift' | 'isNew'>;

/** The topics of one store. */
export class Topics {
  /** @param keepsEvents whether a topic keeps its events for later Subscriptions; those of the emulator would hand them to Subscriptions that start now, too */
  constructor(
    private readonly client: PubSub,
    private readonly keepsEvents: boolean,
  ) {}

  /**
   * Makes or finds the topic of a Channel, and tells what differs from what was asked for.
   *
   * @throws Error where Pub/Sub refuses, or the topic belongs to another Channel
   */
  async ensure(channel: DriverChannel, options: GcpPubSubChannelOptions): Promise<EnsuredTopic> {
    const topic = this.client.topic(topicName(channel));
    const known = await this.find(topic);
    const found = known ?? (await this.create(topic, channel, options));
    const owner = found.labels?.[UID_LABEL];
    if (owner !== undefined && owner !== uidLabel(channel)) {
      throw new Error(`Topic ${topic.name} belongs to another Channel, with UID ${owner}`);
    }
    return { drift: await this.repair(topic, found, channel, options), isNew: known === undefined };
  }

  /** Removes the topic with the subscriptions that this driver made. A topic that somebody else made stays. */
  async delete(channel: DriverChannel): Promise<void> {
    const topic = this.client.topic(topicName(channel));
    const found = await this.find(topic);
    // A topic knows its subscriptions; those of one that somebody deleted are still in the project, which may have ten thousand.
    const [subscriptions] = found
      ? await topic.getSubscriptions({ gaxOpts: adminCall() })
      : await this.client.getSubscriptions({ pageSize: 1000, gaxOpts: adminCall() });
    const ours = subscriptions.filter(({ name }) => name.includes(`/${subscriptionPrefix(channel)}`));
    await Promise.all(ours.map((subscription) => orGone(subscription.delete(adminCall()))));
    if (found?.labels?.[UID_LABEL] === uidLabel(channel)) await orGone(topic.delete(adminCall()));
  }

  private async find(topic: Topic): Promise<TopicMetadata | undefined> {
    try {
      const [metadata] = await topic.getMetadata(adminCall());
      return metadata;
    } catch (error) {
      if (grpcCode(error) === GRPC.notFound) return undefined;
      throw storeError(`Topic ${topic.name} could not be read`, error);
    }
  }

  private async create(topic: Topic, channel: DriverChannel, options: GcpPubSubChannelOptions): Promise<TopicMetadata> {
    try {
      const [{ metadata }] = await this.client.createTopic(
        { name: topic.name, ...this.wanted(channel, options) },
        adminCall(),
      );
      return metadata ?? {};
    } catch (error) {
      // Another process was faster.
      const found = grpcCode(error) === GRPC.alreadyExists ? await this.find(topic) : undefined;
      if (found) return found;
      throw storeError(`Topic ${topic.name} could not be made`, error);
    }
  }

  /** Keeps longer and labels where that is asked for; what would lose something, or is refused, is told. */
  private async repair(
    topic: Topic,
    found: TopicMetadata,
    channel: DriverChannel,
    options: GcpPubSubChannelOptions,
  ): Promise<string[]> {
    const { messageRetentionDuration: retention } = this.wanted(channel, options);
    return [
      ...(retention ? await repairRetention(topic, found, retention.seconds) : []),
      // Not the one that says whose it is: a topic that somebody else made stays theirs.
      ...(await repairLabels(topic, found, options.labels)),
      ...regionDrift(found, options.region),
    ];
  }

  /** What a topic of ours looks like. Dead letters are for the one Subscription that there is: their topic keeps nothing for later ones. */
  private wanted(channel: DriverChannel, { retentionSeconds, labels, region }: GcpPubSubChannelOptions) {
    const retention = this.keepsEvents && channel.purpose === 'events';
    return {
      labels: { ...labels, [UID_LABEL]: uidLabel(channel), [PURPOSE_LABEL]: channel.purpose },
      ...(retention ? { messageRetentionDuration: { seconds: retentionSeconds } } : {}),
      ...(region === undefined ? {} : { messageStoragePolicy: { allowedPersistenceRegions: [region] } }),
    };
  }
}

async function repairRetention(topic: Topic, found: TopicMetadata, asked: number): Promise<string[]> {
  const kept = Number(found.messageRetentionDuration?.seconds ?? 0);
  if (kept === asked) return [];
  const drift = `retention is ${kept} s in place of ${asked} s`;
  if (kept > asked) return [`${drift}, and is not made shorter`];
  return tryTo(drift, () => topic.setMetadata({ messageRetentionDuration: { seconds: asked } }, adminCall()));
}

async function repairLabels(
  topic: Topic,
  found: TopicMetadata,
  asked: Readonly<Record<string, string>>,
): Promise<string[]> {
  const names = Object.keys(asked).filter((name) => found.labels?.[name] !== asked[name]);
  if (names.length === 0) return [];
  const labels = { ...found.labels, ...asked };
  return tryTo(`labels ${names.join(', ')} differ`, () => topic.setMetadata({ labels }, adminCall()));
}

/** Events that lie elsewhere would have to be left behind. */
function regionDrift({ messageStoragePolicy }: TopicMetadata, asked: string | undefined): string[] {
  const regions = messageStoragePolicy?.allowedPersistenceRegions ?? [];
  if (asked === undefined || (regions.length === 1 && regions[0] === asked)) return [];
  return [`events may be stored in ${regions.join(', ') || 'every region'}, not in ${asked} alone`];
}

async function tryTo(drift: string, repair: () => Promise<unknown>): Promise<string[]> {
  try {
    await repair();
    return [];
  } catch (error) {
    return [`${drift}, and cannot be changed: ${wordsOf(error)}`];
  }
}

/** Gone already is as good. */
export async function orGone(deleting: Promise<unknown>): Promise<void> {
  try {
    await deleting;
  } catch (error) {
    if (grpcCode(error) !== GRPC.notFound) throw error;
  }
}
