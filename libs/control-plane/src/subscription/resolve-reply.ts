import { SUBSCRIPTION_REASONS, type Subscription } from '@millrace/eventing-api';
import { resolveDestination, type DestinationLookup, type ResolvedDestination } from './resolve-destination.js';

/** Where the events go that the subscriber returns: `spec.reply.channel` (as in 2019), else `ref`, else `uri`. */
export function resolveReply(subscription: Subscription, lookup: DestinationLookup): Promise<ResolvedDestination> {
  const { channel, ref, uri } = subscription.spec?.reply ?? {};
  // An empty object counts as absent, as in 2019.
  const reference = channel?.name === undefined ? ref : channel;
  return resolveDestination({ ...(reference && { ref: reference }), ...(uri && { uri }) }, lookup, {
    reason: SUBSCRIPTION_REASONS.ReplyResolveFailed,
    label: 'Reply',
  });
}
