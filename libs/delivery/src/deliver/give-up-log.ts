import type { Clock, Logger, StoredEvent } from '@millrace/eventing-api';
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
  private readonly dropped: RarelyTold;
  private readonly deadLettered: RarelyTold;

  constructor(clock: Clock, logger: Logger) {
    this.dropped = new RarelyTold(clock, (fields) => logger.warn('event dropped', fields));
    this.deadLettered = new RarelyTold(clock, (fields) => logger.warn('event dead-lettered', fields));
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

function fieldsOf(target: SubscriptionTarget, event: StoredEvent, { reason, message }: GivenUp): object {
  return {
    namespace: target.namespace,
    subscription: target.name,
    eventId: event.id,
    eventSource: event.source,
    reason,
    detail: message,
  };
}

class RarelyTold {
  private silentUntilMs = 0;
  private untold = 0;

  constructor(
    private readonly clock: Clock,
    private readonly write: (fields: Readonly<Record<string, unknown>>) => void,
  ) {}

  tell(fields: () => object): void {
    const nowMs = this.clock.now();
    if (nowMs < this.silentUntilMs) {
      this.untold++;
      return;
    }
    this.write({ ...fields(), untoldBefore: this.untold });
    this.silentUntilMs = nowMs + INTERVAL_MS;
    this.untold = 0;
  }
}
