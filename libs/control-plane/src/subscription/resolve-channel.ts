import { CHANNEL, SUBSCRIPTION_REASONS, type Channel, type Subscription } from '@millrace/eventing-api';
import { isDeleting, type KubeClient, type ObjectCache } from '@millrace/kube';
import { cachedOrLive } from '../addressable/cached-or-live.js';
import { referenceTo, type NoteReference } from '../addressable/reference-tracker.js';
import { CHANNEL_BEING_DELETED, type Obstacle } from './subscription-verdict.js';

/** The Channel of a Subscription, and what is wrong with it. */
export interface ResolvedChannel {
  readonly channel?: Channel | undefined;
  readonly obstacle?: Obstacle | undefined;
}

/** Finds the Channel that a Subscription names, in its own namespace. A Channel may come later than its Subscriptions. */
export async function resolveChannel(
  subscription: Subscription,
  channels: ObjectCache<Channel>,
  client: KubeClient,
  note: NoteReference,
): Promise<ResolvedChannel> {
  const key = { namespace: subscription.metadata.namespace ?? '', name: subscription.spec?.channel?.name ?? '' };
  note(referenceTo(CHANNEL, key));
  const channel = await cachedOrLive(channels, client, CHANNEL, key);
  if (channel === undefined) {
    const message = `There is no Channel "${key.name}" in namespace "${key.namespace}". Create it; this Subscription then takes effect by itself.`;
    return { obstacle: { status: 'False', reason: SUBSCRIPTION_REASONS.ChannelNotFound, message } };
  }
  if (isDeleting(channel)) {
    const message = `Channel "${key.name}" is being deleted. Delete this Subscription, or create the Channel again.`;
    return { channel, obstacle: { status: 'False', reason: CHANNEL_BEING_DELETED, message } };
  }
  return { channel };
}
