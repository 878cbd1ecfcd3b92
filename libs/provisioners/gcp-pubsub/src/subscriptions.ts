import type {
  CreateSubscriptionOptions,
  GetSubscriptionMetadataResponse,
  PubSub,
  Subscription,
} from '@google-cloud/pubsub';
import type { DriverContext, DriverSubscription, StartPosition } from '@millrace/eventing-api';
import { adminCall } from './admin-call.js';
import type { GcpPubSubOptions } from './gcp-pubsub-options.js';
import { GRPC, grpcCode, storeError } from './gcp-pubsub-refusals.js';
import { subscriptionName, topicName } from './names.js';
import { seek } from './seek.js';
import { orGone } from './topics.js';

type SubscriptionMetadata = GetSubscriptionMetadataResponse[0];

/** What the service calls the topic of a subscription whose topic is gone. */
const DELETED_TOPIC = '_deleted-topic_';
/** On a subscription that was made and has yet to be moved to its start: a process may end between the two. */
const START_LABEL = 'millrace-start';
const PENDING = { [START_LABEL]: 'pending' };

/** Nothing is kept for longer ("Replay and purge"). */
const LONGEST_RETENTION_MS = 31 * 86_400_000;

/** The subscriptions of one store. */
export class Subscriptions {
  constructor(
    private readonly client: PubSub,
    private readonly options: GcpPubSubOptions,
    private readonly context: DriverContext,
  ) {}

  /**
   * Makes the subscription where there is none, and fixes its start: from then on the service keeps events for it.
   *
   * @throws Error where Pub/Sub refuses, or the topic is not there
   */
  async ensure(subscription: DriverSubscription, start: StartPosition, retentionSeconds: number): Promise<void> {
    const handle = this.client.subscription(subscriptionName(subscription));
    let found = await this.find(handle);
    if (found?.topic === DELETED_TOPIC) {
      // It would never get anything again.
      this.context.logger.warn(
        'The topic of a subscription was deleted by somebody else; the subscription is made anew',
        {
          subscription: handle.name,
        },
      );
      await orGone(handle.delete(adminCall()));
      found = undefined;
    }
    if (found) await this.keepLonger(handle, found, retentionSeconds);
    found ??= await this.create(handle, subscription, start, retentionSeconds);
    if (found.labels?.[START_LABEL] !== undefined) await this.moveToStart(handle, start);
  }

  async delete(subscription: DriverSubscription): Promise<void> {
    const handle = this.client.subscription(subscriptionName(subscription));
    try {
      await orGone(handle.delete(adminCall()));
    } catch (error) {
      throw storeError(`Subscription ${handle.name} could not be deleted`, error);
    }
  }

  private async find(handle: Subscription): Promise<SubscriptionMetadata | undefined> {
    try {
      const [metadata] = await handle.getMetadata(adminCall());
      return metadata;
    } catch (error) {
      if (grpcCode(error) === GRPC.notFound) return undefined;
      throw storeError(`Subscription ${handle.name} could not be read`, error);
    }
  }

  /** Another process may be faster; whether it has moved to the start by now is in the labels. */
  private async create(
    handle: Subscription,
    { channel }: DriverSubscription,
    start: StartPosition,
    retentionSeconds: number,
  ): Promise<SubscriptionMetadata> {
    const labels = start === 'now' ? {} : PENDING;
    const options: CreateSubscriptionOptions = {
      ackDeadlineSeconds: this.options.ackDeadlineSeconds,
      enableMessageOrdering: true,
      messageRetentionDuration: retentionSeconds,
      // Never: by default one that nobody reads for 31 days is deleted.
      expirationPolicy: {},
      labels,
      gaxOpts: adminCall(),
    };
    try {
      await this.client.createSubscription(topicName(channel), handle.name, options);
      return { labels };
    } catch (error) {
      const found = grpcCode(error) === GRPC.alreadyExists ? await this.find(handle) : undefined;
      if (found) return found;
      throw storeError(`Subscription ${handle.name} could not be made`, error);
    }
  }

  private async keepLonger(handle: Subscription, found: SubscriptionMetadata, seconds: number): Promise<void> {
    if (Number(found.messageRetentionDuration?.seconds ?? 0) >= seconds) return;
    try {
      await handle.setMetadata({ messageRetentionDuration: seconds }, adminCall());
    } catch (error) {
      throw storeError(`Subscription ${handle.name} could not be made to keep its events for ${seconds} s`, error);
    }
  }

  /** A new subscription begins now: there is nothing to move then. */
  private async moveToStart(handle: Subscription, start: StartPosition): Promise<void> {
    if (start === 'now') return;
    const earliestMs = this.context.clock.now() - LONGEST_RETENTION_MS;
    const timeMs = start === 'earliest' ? earliestMs : Math.max(start.time.getTime(), earliestMs);
    try {
      await seek(this.client, handle.name, timeMs);
      await handle.setMetadata({ labels: {} }, adminCall());
    } catch (error) {
      throw storeError(`Subscription ${handle.name} could not be moved to its start`, error);
    }
  }
}
