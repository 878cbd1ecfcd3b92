import type { StoredEvent } from '@millrace/eventing-api';
import { replyHeaders, subscriberHeaders } from './delivery-headers.js';
import type { HttpAddress } from './attempt.js';
import { parseHttpAddress } from './http-sender.js';
import type { SubscriptionTarget } from './subscription-delivery.types.js';

/** A target made ready for many events: addresses taken apart, roles settled. */
export interface Route {
  readonly target: SubscriptionTarget;
  /** Where the event goes: the subscriber, without one the reply address, without both nowhere. */
  readonly address: HttpAddress | undefined;
  /** Where an answer of the subscriber goes. */
  readonly replyAddress: HttpAddress | undefined;
  /** Headers of the event on its way to `address`. */
  readonly headersFor: (event: StoredEvent, target: SubscriptionTarget) => string[];
}

/** @throws TypeError when an address is no absolute http or https URL */
export function routeOf(target: SubscriptionTarget): Route {
  const subscriber = target.subscriberUri === undefined ? undefined : parseHttpAddress(target.subscriberUri);
  const reply = target.replyUri === undefined ? undefined : parseHttpAddress(target.replyUri);
  return subscriber
    ? { target, address: subscriber, replyAddress: reply, headersFor: subscriberHeaders }
    : { target, address: reply, replyAddress: undefined, headersFor: replyHeaders };
}
