import {
  resolveDelivery,
  type Capabilities,
  type Channel,
  type ChannelSubscriber,
  type ResolvedDelivery,
} from '@millrace/eventing-api';
import type { SubscriptionTarget } from '@millrace/delivery';

/** One entry of `spec.subscribable.subscribers` as the data plane works with it. */
export interface SubscriberEntry {
  /** Name of the Subscription within its Channel: the key of its position in the store. */
  readonly name: string;
  /** Absent in entries that were written by hand; they have no status. */
  readonly uid: string | undefined;
  readonly generation: number | undefined;
  /** The Subscription that the entry came from, where it says so. */
  readonly subscription: { readonly namespace: string; readonly name: string } | undefined;
  /** Where its events go, or why they cannot. */
  readonly target: SubscriptionTarget | { readonly fault: string };
}

/** An entry whose events can be delivered. */
export type DeliverableEntry = SubscriberEntry & { readonly target: SubscriptionTarget };

/** Whether there is somewhere to send to. */
export function isDeliverable(entry: SubscriberEntry): entry is DeliverableEntry {
  return !('fault' in entry.target);
}

/** The subscribers of a Channel, with the delivery settings that hold for each. */
export function readSubscribers(channel: Channel, capabilities: Capabilities): SubscriberEntry[] {
  // A producer that waits for every subscriber retries itself (Knative Eventing v0.4 `fanout_handler.go` never did).
  const defaults: Partial<ResolvedDelivery> = capabilities.acknowledgesDelivery ? { retry: 0 } : {};
  const seen = new Set<string>();
  const entries: SubscriberEntry[] = [];
  for (const subscriber of channel.spec?.subscribable?.subscribers ?? []) {
    const entry = readSubscriber(
      channel,
      subscriber,
      resolveDelivery(subscriber.delivery ?? channel.spec?.delivery, defaults),
    );
    if (seen.has(entry.name)) continue;
    seen.add(entry.name);
    entries.push(entry);
  }
  return entries;
}

function readSubscriber(channel: Channel, subscriber: ChannelSubscriber, delivery: ResolvedDelivery): SubscriberEntry {
  const uid = presence(subscriber.uid) ?? presence(subscriber.ref?.uid);
  const subscriberUri = presence(subscriber.subscriberURI);
  const replyUri = presence(subscriber.replyURI);
  const refName = presence(subscriber.ref?.name);
  const namespace = presence(subscriber.ref?.namespace) ?? channel.metadata.namespace ?? '';
  const name = refName ?? uid ?? [subscriberUri, replyUri].filter((uri) => uri !== undefined).join(' ');
  const fault = faultOf(subscriberUri, replyUri);
  return {
    name,
    uid,
    generation: subscriber.generation,
    subscription: refName === undefined ? undefined : { namespace, name: refName },
    target: fault
      ? { fault }
      : { namespace, name, uid: uid ?? name, channel: channel.metadata.name ?? '', subscriberUri, replyUri, delivery },
  };
}

function faultOf(subscriberUri: string | undefined, replyUri: string | undefined): string | undefined {
  if (subscriberUri === undefined && replyUri === undefined) return 'The entry has neither subscriberURI nor replyURI';
  for (const uri of [subscriberUri, replyUri]) {
    if (uri !== undefined && !isHttpUrl(uri)) return `"${uri}" is not an absolute http or https URL`;
  }
  return undefined;
}

function isHttpUrl(uri: string): boolean {
  const protocol = URL.parse(uri)?.protocol;
  return protocol === 'http:' || protocol === 'https:';
}

function presence(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
