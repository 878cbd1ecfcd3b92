import { SUBSCRIPTION_REASONS, type Subscription } from '@millrace/eventing-api';
import type { AddressResolver } from '../addressable/address-resolver.js';
import type { NoteReference } from '../addressable/reference-tracker.js';
import { unresolved, type Obstacle } from './subscription-verdict.js';

/** A destination of a Subscription: its URL, nothing where none is wanted, or why there is none. */
export interface ResolvedDestination {
  readonly url?: string | undefined;
  readonly obstacle?: Obstacle | undefined;
  readonly recheckAfterMs?: number | undefined;
}

/** Which URL a Subscription gets: of `spec.subscriber.ref`, else `uri`, else `dnsName` (a URL or a host). */
export async function resolveSubscriber(
  subscription: Subscription,
  addresses: AddressResolver,
  note: NoteReference,
): Promise<ResolvedDestination> {
  const { ref, uri, dnsName } = subscription.spec?.subscriber ?? {};
  const namespace = subscription.metadata.namespace ?? '';
  const written = uri || dnsName;
  if (ref === undefined && !written) return {};
  const resolution =
    ref === undefined
      ? addresses.resolveUrl(written ?? '', namespace, note)
      : await addresses.resolveReference(namespace, ref, note);
  const { recheckAfterMs } = resolution;
  if (resolution.outcome === 'resolved') return { url: resolution.url, recheckAfterMs };
  const obstacle = unresolved(SUBSCRIPTION_REASONS.SubscriberResolveFailed, `Subscriber: ${resolution.message}`);
  return { obstacle, recheckAfterMs };
}
