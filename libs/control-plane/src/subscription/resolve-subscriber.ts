import { SUBSCRIPTION_REASONS, type Subscription } from '@millrace/eventing-api';
import { resolveDestination, type DestinationLookup, type ResolvedDestination } from './resolve-destination.js';

/** Which URL a Subscription gets: of `spec.subscriber.ref`, else `uri`, else `dnsName` (a URL or a host). */
export function resolveSubscriber(subscription: Subscription, lookup: DestinationLookup): Promise<ResolvedDestination> {
  const { ref, uri, dnsName } = subscription.spec?.subscriber ?? {};
  const written = uri || dnsName;
  return resolveDestination({ ...(ref && { ref }), ...(written && { uri: written }) }, lookup, {
    reason: SUBSCRIPTION_REASONS.SubscriberResolveFailed,
    label: 'Subscriber',
  });
}
