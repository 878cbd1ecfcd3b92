import { READY, SUBSCRIPTION_REASONS, findCondition, type Channel, type Subscription } from '@millrace/eventing-api';
import type { Obstacle } from './subscription-verdict.js';

/**
 * What keeps a Channel from delivering to a Subscription whose entry it holds; undefined when nothing does. Only the provisioner's word counts: its
 * status entry with this UID and generation (Knative Channel contract).
 */
export function channelObstacle(channel: Channel, subscription: Subscription): Obstacle | undefined {
  const ready = findCondition(channel.status?.conditions, READY);
  const name = channel.metadata.name ?? '';
  if (ready?.status !== 'True') {
    const detail = ready?.message || ready?.reason || 'it has no status yet; is its provisioner running?';
    const message = `Channel "${name}" is not Ready: ${detail}`;
    const status = ready?.status === 'False' ? 'False' : 'Unknown';
    return { status, reason: SUBSCRIPTION_REASONS.ChannelNotReady, message };
  }
  const entry = channel.status?.subscribers?.find(({ uid }) => uid === subscription.metadata.uid);
  const isCurrent = entry?.observedGeneration === subscription.metadata.generation;
  if (isCurrent && entry?.ready === 'True') return undefined;
  if (isCurrent && entry?.ready === 'False') {
    const message = entry.message ?? `The provisioner of Channel "${name}" cannot serve this Subscription.`;
    return { status: 'False', reason: SUBSCRIPTION_REASONS.SubscriptionRefusedByChannel, message };
  }
  const message = entry?.message ?? `The provisioner of Channel "${name}" has not taken up this Subscription yet.`;
  return { status: 'Unknown', reason: SUBSCRIPTION_REASONS.SubscriptionNotMarkedReadyByChannel, message };
}
