import {
  isHttpUrl,
  ownOrInherited,
  parseStartPosition,
  resolveDelivery,
  type Capabilities,
  type Channel,
  type ChannelSubscriber,
  type ResolvedDelivery,
  type StartPosition,
} from '@millrace/eventing-api';
import type { SubscriptionTarget } from '@millrace/delivery';

/** What a position in the store belongs to. */
export interface PositionOwner {
  /** Name of the Subscription within its Channel: the key of its position in the store. */
  readonly name: string;
  /** Absent in entries that were written by hand; they have no status. */
  readonly uid: string | undefined;
  /** The Subscription that it came from, where it says so. */
  readonly subscription: { readonly namespace: string; readonly name: string } | undefined;
}

/** One entry of `spec.subscribable.subscribers` as the data plane works with it. */
export interface SubscriberEntry extends PositionOwner {
  readonly generation: number | undefined;
  /** Nothing is delivered for now. */
  readonly paused: boolean;
  /** Where it begins: at the position of a former namesake, or at this one whatever stood there. */
  readonly start: 'resume' | StartPosition;
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
    const delivery = resolveDelivery(ownOrInherited(subscriber.delivery, channel.spec?.delivery), defaults);
    const entry = readSubscriber(channel, subscriber, delivery, capabilities);
    if (seen.has(entry.name)) continue;
    seen.add(entry.name);
    entries.push(entry);
  }
  return entries;
}

function readSubscriber(
  channel: Channel,
  subscriber: ChannelSubscriber,
  delivery: ResolvedDelivery,
  capabilities: Capabilities,
): SubscriberEntry {
  const uid = presence(subscriber.uid) ?? presence(subscriber.ref?.uid);
  const refName = presence(subscriber.ref?.name);
  const namespace = presence(subscriber.ref?.namespace) ?? channel.metadata.namespace ?? '';
  const uris = {
    subscriberUri: presence(subscriber.subscriberURI),
    replyUri: presence(subscriber.replyURI),
    deadLetterSinkUri: presence(subscriber.deadLetterSinkURI),
  };
  const name = refName ?? uid ?? [uris.subscriberUri, uris.replyUri].filter((uri) => uri !== undefined).join(' ');
  const start = parseStartPosition(subscriber.startPosition);
  const fault = addressFault(uris) ?? startFault(start, subscriber, capabilities) ?? orderFault(delivery, capabilities);
  const { filters } = subscriber;
  return {
    ...{ name, uid, generation: subscriber.generation, paused: subscriber.paused ?? false, start: start ?? 'resume' },
    subscription: refName === undefined ? undefined : { namespace, name: refName },
    target: fault
      ? { fault }
      : { namespace, name, uid: uid ?? name, channel: channel.metadata.name ?? '', ...uris, filters, delivery },
  };
}

function addressFault(uris: Readonly<Record<string, string | undefined>>): string | undefined {
  if (uris['subscriberUri'] === undefined && uris['replyUri'] === undefined) {
    return 'The entry has neither subscriberURI nor replyURI';
  }
  const bad = Object.values(uris).find((uri) => uri !== undefined && !isHttpUrl(uri));
  return bad === undefined
    ? undefined
    : `"${bad}" is not an absolute http or https URL without user, password and fragment`;
}

/** Every store can resume and begin with the latest event. */
function startFault(
  start: 'resume' | StartPosition | undefined,
  { startPosition = '' }: ChannelSubscriber,
  { replay }: Capabilities,
): string | undefined {
  if (start === undefined) return `The startPosition "${startPosition}" is none of resume, latest, earliest and a time`;
  if (start === 'resume' || start === 'now' || replay.includes(start === 'earliest' ? start : 'time')) return undefined;
  const possible = ['resume', 'latest', ...replay.map((each) => (each === 'time' ? 'a time' : each))];
  return `The provisioner of the Channel cannot begin at startPosition "${startPosition}"; it can at ${possible.join(', ')}`;
}

function orderFault({ ordering }: ResolvedDelivery, capabilities: Capabilities): string | undefined {
  if (capabilities.ordering.includes(ordering)) return undefined;
  const possible = capabilities.ordering.join(', ');
  return `The provisioner of the Channel cannot deliver with ordering "${ordering}"; it can with ${possible}`;
}

function presence(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
