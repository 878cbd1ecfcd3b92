import type { Destination } from '@millrace/eventing-api';
import type { AddressResolver } from '../addressable/address-resolver.js';
import type { NoteReference } from '../addressable/reference-tracker.js';
import { unresolved, type Obstacle, type ResolveFailedReason } from './subscription-verdict.js';

/** A destination of a Subscription: its URL, nothing where none is wanted, or why there is none. */
export interface ResolvedDestination {
  readonly url?: string | undefined;
  readonly obstacle?: Obstacle | undefined;
  readonly recheckAfterMs?: number | undefined;
}

/** What destinations are found with, for one Subscription. */
export interface DestinationLookup {
  /** Namespace of every reference. */
  readonly namespace: string;
  readonly addresses: AddressResolver;
  readonly note: NoteReference;
}

/** How the user is told that a destination is not known. */
export interface DestinationFault {
  readonly reason: ResolveFailedReason;
  /** What the destination is, as the beginning of the message. */
  readonly label: string;
}

/** The URL of `ref`, else of `uri`: any object that shows an address, a core Service, or the URL as it is written. */
export async function resolveDestination(
  { ref, uri }: Destination,
  { namespace, addresses, note }: DestinationLookup,
  { reason, label }: DestinationFault,
): Promise<ResolvedDestination> {
  if (ref === undefined && !uri) return {};
  const resolution =
    ref === undefined
      ? addresses.resolveUrl(uri ?? '', namespace, note)
      : await addresses.resolveReference(namespace, ref, note);
  const { recheckAfterMs } = resolution;
  return resolution.outcome === 'resolved'
    ? { url: resolution.url, recheckAfterMs }
    : { obstacle: unresolved(reason, `${label}: ${resolution.message}`), recheckAfterMs };
}
