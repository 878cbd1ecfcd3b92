import {
  SUBSCRIPTION,
  apiVersionOf,
  ownOrInherited,
  type Channel,
  type ChannelSubscriber,
  type DeliverySpec,
  type Subscription,
} from '@millrace/eventing-api';
import { isDeleting } from '@millrace/kube';

/** The addresses of a Subscription as last resolved by this process. */
export interface ResolvedAddresses {
  readonly subscriberURI?: string | undefined;
  readonly replyURI?: string | undefined;
  readonly deadLetterSinkURI?: string | undefined;
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
  { metadata, spec = {} }: Subscription,
  { subscriberURI, replyURI, deadLetterSinkURI }: ResolvedAddresses,
  channel: Channel,
): ChannelSubscriber | undefined {
  if (subscriberURI === undefined && replyURI === undefined) return undefined;
  const { namespace, name, uid, generation } = metadata;
  const { filters = [], paused = false, startPosition } = spec;
  const delivery = deliveryWithoutSink(ownOrInherited(spec.delivery, channel.spec?.delivery));
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
    ...(deadLetterSinkURI === undefined ? {} : { deadLetterSinkURI }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(filters.length === 0 ? {} : { filters }),
    ...(paused ? { paused } : {}),
    ...(startPosition === undefined ? {} : { startPosition }),
  };
}

/** The data plane reads the address that the sink resolved to, and no reference. */
function deliveryWithoutSink(delivery: DeliverySpec | undefined): DeliverySpec | undefined {
  if (delivery === undefined) return undefined;
  const { deadLetterSink: _, ...rest } = delivery;
  return rest;
}
