import { SUBSCRIPTION_REASONS, type Channel, type Subscription } from '@millrace/eventing-api';
import { resolveDestination, type DestinationLookup, type ResolvedDestination } from './resolve-destination.js';

/**
 * Where the events go that cannot be delivered: the sink of the Subscription's `delivery`, and only where it has none that of its Channel's (Knative Channel
 * contract: any delivery of a Subscription replaces the Channel's whole).
 */
export function resolveDeadLetterSink(
  subscription: Subscription,
  channel: Channel | undefined,
  lookup: DestinationLookup,
): Promise<ResolvedDestination> {
  const own = subscription.spec?.delivery;
  const sink = (own ?? channel?.spec?.delivery)?.deadLetterSink ?? {};
  const label =
    own === undefined ? `Dead letter sink of Channel "${channel?.metadata.name ?? ''}"` : 'Dead letter sink';
  return resolveDestination(sink, lookup, { reason: SUBSCRIPTION_REASONS.DeadLetterSinkResolveFailed, label });
}
