import type { Clock, Logger, StoredEvent } from '@millrace/eventing-api';
import type { SubscriptionTarget } from './subscription-delivery.types.js';

/** At most one line in this time. */
const INTERVAL_MS = 1000;

/** Tells of events that are given up: one line a second with an example and how many there were, since a dead consumer drops thousands. */
export class DropLog {
  private silentUntilMs = 0;
  private untold = 0;

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  tell(target: SubscriptionTarget, event: StoredEvent, reason: string, message: string): void {
    const nowMs = this.clock.now();
    if (nowMs < this.silentUntilMs) {
      this.untold++;
      return;
    }
    this.logger.warn('event dropped', {
      namespace: target.namespace,
      subscription: target.name,
      eventId: event.id,
      eventSource: event.source,
      reason,
      detail: message,
      untoldBefore: this.untold,
    });
    this.silentUntilMs = nowMs + INTERVAL_MS;
    this.untold = 0;
  }
}
