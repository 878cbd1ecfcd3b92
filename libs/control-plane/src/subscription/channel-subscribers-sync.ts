import { isDeepStrictEqual } from 'node:util';
import { CHANNEL, type Channel, type ObjectKey, type Subscription } from '@millrace/eventing-api';
import { hasReason, type KubeClient, type ObjectCache } from '@millrace/kube';
import { subscriberEntries, subscriberEntry, type ResolvedAddresses } from './subscriber-entries.js';

const MAX_ATTEMPTS = 5;

export interface SyncOptions {
  /** Compare with the Channel as the API has it now, not with the cached one. Default false. */
  readonly live?: boolean;
}

/**
 * Keeps `spec.subscribable.subscribers` of every Channel: the one writer of that list. Remembers what each Subscription resolved to, so that one
 * patch tells the whole truth, however many Subscriptions wait for it.
 */
export class ChannelSubscribersSync {
  private readonly resolved = new Map<string, ResolvedAddresses | null>();

  constructor(
    private readonly client: KubeClient,
    private readonly channels: ObjectCache<Channel>,
    private readonly subscriptions: ObjectCache<Subscription>,
  ) {}

  /** What a Subscription resolved to; null where it did not. Takes effect with the next sync of its Channel. */
  remember(uid: string, addresses: ResolvedAddresses | null): void {
    this.resolved.set(uid, addresses);
  }

  forget(uid: string): void {
    this.resolved.delete(uid);
  }

  /** Forgets everything: what was resolved while this process led says nothing about later. */
  clear(): void {
    this.resolved.clear();
  }

  /** True when a Channel lists a Subscription as it was last remembered, or does not list one that was not resolved. */
  isEntered(channel: Channel, subscription: Subscription): boolean {
    const { uid = '' } = subscription.metadata;
    const addresses = this.resolved.get(uid);
    const desired = addresses ? subscriberEntry(subscription, addresses, channel) : undefined;
    const listed = channel.spec?.subscribable?.subscribers?.find((entry) => entry.uid === uid);
    return isDeepStrictEqual(listed, desired);
  }

  /** Writes the list where it differs. Resolves to the Channel, or to undefined when there is none; rejects as the API does. */
  async sync(key: ObjectKey, { live = false }: SyncOptions = {}): Promise<Channel | undefined> {
    let channel = live ? await this.client.get(CHANNEL, key) : this.channels.get(key);
    for (let attempt = 1; channel !== undefined; attempt += 1) {
      const subscribers = subscriberEntries(channel, this.subscriptions.list(key.namespace), this.resolved);
      if (isDeepStrictEqual(channel.spec?.subscribable?.subscribers ?? [], subscribers)) return channel;
      const { resourceVersion } = channel.metadata;
      const patch = { metadata: { resourceVersion }, spec: { subscribable: { subscribers } } };
      try {
        return await this.client.patch(CHANNEL, key, 'application/merge-patch+json', patch);
      } catch (error) {
        if (hasReason(error, 'NotFound')) return undefined;
        if (!hasReason(error, 'Conflict') || attempt === MAX_ATTEMPTS) throw error;
        channel = await this.client.get(CHANNEL, key);
      }
    }
    return undefined;
  }
}
