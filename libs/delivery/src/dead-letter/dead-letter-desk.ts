import type { StoredEvent } from '@millrace/eventing-api';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';
import type { DeadLetterOutcome, DeliveryHost } from '../deliver/subscription-delivery.types.js';

/** Hands the dead letters of a Subscription to their place, and knows whether that can be written. */
export class DeadLetterDesk {
  private currentFault: string | undefined;
  private closed = false;

  constructor(
    private readonly host: DeliveryHost,
    private readonly counters: SubscriptionCounters,
  ) {}

  get hasPlace(): boolean {
    return this.host.deadLetterPlace !== undefined;
  }

  /** Why the place could not be written the last time; undefined where it could. */
  get fault(): string | undefined {
    return this.currentFault;
  }

  /** Writes a letter once. Never rejects. */
  async store(letter: StoredEvent): Promise<DeadLetterOutcome> {
    const outcome = await this.ask(letter);
    this.counters.endPlaceWrite(outcome.outcome);
    this.note(outcome.outcome === 'unavailable' ? outcome.message : undefined);
    return outcome;
  }

  /** Tells the host nothing any more. */
  close(): void {
    this.closed = true;
  }

  /** A place that breaks its promise not to reject loses no event for that. */
  private async ask(letter: StoredEvent): Promise<DeadLetterOutcome> {
    const { deadLetterPlace } = this.host;
    if (!deadLetterPlace) return { outcome: 'unavailable', message: 'There is no dead-letter place.' };
    try {
      return await deadLetterPlace.store(letter);
    } catch (error) {
      return { outcome: 'unavailable', message: `The dead-letter place threw: ${String(error)}` };
    }
  }

  private note(fault: string | undefined): void {
    const changed = (fault === undefined) !== (this.currentFault === undefined);
    this.currentFault = fault;
    if (changed && !this.closed) this.host.onDeadLetterFault?.(fault);
  }
}
