import { SUBSCRIPTION_REASONS, type Subscription } from '@millrace/eventing-api';
import type { AddressResolver } from '../addressable/address-resolver.js';
import type { NoteReference } from '../addressable/reference-tracker.js';
import type { ResolvedDestination } from './resolve-subscriber.js';
import { unresolved } from './subscription-verdict.js';

/** Where the events go that the subscriber returns: the address of the Channel that `spec.reply.channel` names. */
export async function resolveReply(
  subscription: Subscription,
  addresses: AddressResolver,
  note: NoteReference,
): Promise<ResolvedDestination> {
  const channel = subscription.spec?.reply?.channel;
  if (channel?.name === undefined) return {};
  const resolution = await addresses.resolveReference(subscription.metadata.namespace ?? '', channel, note);
  const { recheckAfterMs } = resolution;
  if (resolution.outcome === 'resolved') return { url: resolution.url, recheckAfterMs };
  return {
    obstacle: unresolved(SUBSCRIPTION_REASONS.ReplyResolveFailed, `Reply: ${resolution.message}`),
    recheckAfterMs,
  };
}
