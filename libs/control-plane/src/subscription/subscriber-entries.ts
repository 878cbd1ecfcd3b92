import {
  SUBSCRIPTION,
  apiVersionOf,
  type Channel,
  type ChannelSubscriber,
  type Subscription,
} from '@millrace/eventing-api';
import { isDeleting } from '@millrace/kube';

/** The addresses of a Subscription as last resolved by this process. */
export interface ResolvedAddresses {
  readonly subscriberURI?: string | undefined;
  readonly replyURI?: string | undefined;
}

/** By UID of the Subscription: its addresses, or null where they could not be resolved. Absent: not looked at yet. */
export type ResolvedSubscriptions = ReadonlyMap<string, ResolvedAddresses | null>;

/**
 * The desired `spec.subscribable.subscribers` of a Channel: every Subscription of it that resolves and is not being deleted, sorted by UID.
 * The entry of a Subscription that this process has not looked at yet (just started) stays as it is, so that a restart pauses nobody.
 */
export function subscriberEntries(
  channel: Channel,
  subscriptions: readonly Subscription[],
  resolved: ResolvedSubscriptions,
): ChannelSubscriber[] {
  const present = new Map((channel.spec?.subscribable?.subscribers ?? []).map((entry) => [entry.uid, entry]));
  const entries: ChannelSubscriber[] = [];
  for (const subscription of subscriptions) {
    const { uid } = subscription.metadata;
    if (uid === undefined || isDeleting(subscription) || !belongsTo(subscription, channel)) continue;
    const addresses = resolved.get(uid);
    const entry =
      addresses === undefined ? present.get(uid) : addresses && subscriberEntry(subscription, addresses, channel);
    if (entry) entries.push(entry);
  }
  return entries.sort((a, b) => ((a.uid ?? '') < (b.uid ?? '') ? -1 : 1));
}

function belongsTo(subscription: Subscription, channel: Channel): boolean {
  return (
    subscription.metadata.namespace === channel.metadata.namespace &&
    subscription.spec?.channel?.name === channel.metadata.name
  );
}

/** The entry of one Subscription; undefined where it has no address. */
export function subscriberEntry(
  subscription: Subscription,
  { subscriberURI, replyURI }: ResolvedAddresses,
  channel: Channel,
): ChannelSubscriber | undefined {
  if (subscriberURI === undefined && replyURI === undefined) return undefined;
  const { namespace, name, uid, generation } = subscription.metadata;
  const delivery = subscription.spec?.delivery ?? channel.spec?.delivery;
  return {
    ref: {
      apiVersion: apiVersionOf(SUBSCRIPTION),
      kind: SUBSCRIPTION.kind,
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(uid === undefined ? {} : { uid }),
    },
    ...(uid === undefined ? {} : { uid }),
    ...(generation === undefined ? {} : { generation }),
    ...(subscriberURI === undefined ? {} : { subscriberURI }),
    ...(replyURI === undefined ? {} : { replyURI }),
    ...(delivery === undefined ? {} : { delivery }),
  };
}
