import { RareWarning, type Clock, type LogFields, type Logger, type StoredEvent } from '@millrace/eventing-api';
import type { SubscriptionTarget } from './subscription-delivery.types.js';

/** At most one line of a kind in this time. */
const INTERVAL_MS = 1000;

interface GivenUp {
  readonly reason: string;
  /** For people. */
  readonly message: string;
}

/** Tells of the events of one Subscription that could not be delivered: one line a second of each kind, with an example and how many there were, since a dead consumer gives up thousands. */
export class GiveUpLog {
  private readonly dropped: RareWarning;
  private readonly deadLettered: RareWarning;

  constructor(clock: Clock, logger: Logger) {
    this.dropped = new RareWarning(logger, clock, 'event dropped', INTERVAL_MS);
    this.deadLettered = new RareWarning(logger, clock, 'event dead-lettered', INTERVAL_MS);
  }

  tellDropped(target: SubscriptionTarget, event: StoredEvent, givenUp: GivenUp): void {
    this.dropped.tell(() => fieldsOf(target, event, givenUp));
  }

  /** @param givenUp `by` says where the event is now */
  tellDeadLettered(
    target: SubscriptionTarget,
    event: StoredEvent,
    givenUp: GivenUp & { readonly by: 'sink' | 'place' },
  ): void {
    this.deadLettered.tell(() => ({ ...fieldsOf(target, event, givenUp), by: givenUp.by }));
  }
}

function fieldsOf(target: SubscriptionTarget, event: StoredEvent, { reason, message }: GivenUp): LogFields {
  return {
    namespace: target.namespace,
    subscription: target.name,
    eventId: event.id,
    eventSource: event.source,
    reason,
    detail: message,
  };
}
