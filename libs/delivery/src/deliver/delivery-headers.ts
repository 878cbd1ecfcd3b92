import type { StoredEvent } from '@millrace/eventing-api';
import { eventHeaders, NAMESPACE_HEADER, PREFER_HEADER } from '@millrace/cloudevents-http';
import type { SubscriptionTarget } from './subscription-delivery.types.js';

const USER_AGENT = 'millrace/0.1.0';

/** Headers of an event on its way to a subscriber (Knative Eventing event_dispatcher.go: `Prefer` and `Kn-Namespace` are added). */
export function subscriberHeaders(event: StoredEvent, target: SubscriptionTarget): string[] {
  const headers = replyHeaders(event, target);
  headers.push(PREFER_HEADER, 'reply');
  return headers;
}

/** Headers of an event on its way to a reply address. */
export function replyHeaders(event: StoredEvent, target: SubscriptionTarget): string[] {
  const headers = eventHeaders(event);
  headers.push(NAMESPACE_HEADER, target.namespace, 'user-agent', USER_AGENT);
  return headers;
}
