import type { StoredEvent } from '@millrace/eventing-api';
import { CircuitBreaker } from '../circuit/circuit-breaker.js';
import { compileFilters, type EventPredicate } from '../filter/compile-filters.js';
import type { HttpAddress } from './attempt.js';
import { replyHeaders, subscriberHeaders } from './delivery-headers.js';
import { parseHttpAddress } from './http-sender.js';
import type { SubscriptionTarget } from './subscription-delivery.types.js';

/** Where events go, and what is known of it. */
export interface Stop {
  readonly address: HttpAddress | undefined;
  readonly circuit: CircuitBreaker;
}

/** A target made ready for many events: addresses taken apart, roles settled, filters compiled. */
export interface Route {
  readonly target: SubscriptionTarget;
  /** Whether an event is to be delivered; undefined = every one is. */
  readonly wants: EventPredicate | undefined;
  /** Where the event goes: the subscriber, without one the reply address, without both nowhere. Its circuit is that of the delivery as a whole, reply included. */
  readonly subscriber: Stop;
  /** Headers of the event on its way there. */
  readonly headersFor: (event: StoredEvent, target: SubscriptionTarget) => string[];
  /** Where an answer of the subscriber goes. */
  readonly replyAddress: HttpAddress | undefined;
  readonly deadLetterSink: Stop;
}

/**
 * @param former the route so far: what is known of consumers is kept where their addresses stay
 * @throws TypeError when an address is no absolute http or https URL
 */
export function routeOf(target: SubscriptionTarget, former?: Route): Route {
  const { subscriberUri, replyUri, deadLetterSinkUri } = target;
  const subscriber = addressOf(subscriberUri);
  const reply = addressOf(replyUri);
  const before = former?.target;
  const sameConsumer = before?.subscriberUri === subscriberUri && before?.replyUri === replyUri;
  const sameSink = before?.deadLetterSinkUri === deadLetterSinkUri;
  return {
    target,
    wants: compileFilters(target.filters),
    subscriber: { address: subscriber ?? reply, circuit: circuitOf(sameConsumer ? former?.subscriber : undefined) },
    headersFor: subscriber ? subscriberHeaders : replyHeaders,
    replyAddress: subscriber && reply,
    deadLetterSink: {
      address: addressOf(deadLetterSinkUri),
      circuit: circuitOf(sameSink ? former?.deadLetterSink : undefined),
    },
  };
}

function addressOf(url: string | undefined): HttpAddress | undefined {
  return url === undefined ? undefined : parseHttpAddress(url);
}

function circuitOf(former: Stop | undefined): CircuitBreaker {
  return former?.circuit ?? new CircuitBreaker();
}
