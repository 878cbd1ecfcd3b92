import type { StoredEvent } from '@millrace/eventing-api';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';
import type { DeadLetterOutcome, DeliveryHost } from '../deliver/subscription-delivery.types.js';

/** Hands the dead letters of a Subscription to their place, and knows whether that can be written: as long as a letter waits for it, and no longer. */
export class DeadLetterDesk {
  private currentFault: string | undefined;
  /** Whose letters are being written, or could not be and will be again. */
  private readonly writers = new Set<object>();
  private closed = false;

  constructor(
    private readonly host: DeliveryHost,
    private readonly counters: SubscriptionCounters,
  ) {}

  get hasPlace(): boolean {
    return this.host.deadLetterPlace !== undefined;
  }

  /** Why the place could not be written the last time; undefined where it could, or nothing waits for it. */
  get fault(): string | undefined {
    return this.currentFault;
  }

  /**
   * Writes a letter once. Never rejects.
   *
   * @param writer writes it again where the place is not available, or leaves
   */
  async store(letter: StoredEvent, writer: object): Promise<DeadLetterOutcome> {
    this.writers.add(writer);
    const outcome = await this.ask(letter);
    this.counters.endPlaceWrite(outcome.outcome);
    if (outcome.outcome !== 'unavailable') {
      this.writers.delete(writer);
      this.note(undefined);
    } else if (this.writers.has(writer)) this.note(outcome.message);
    return outcome;
  }

  /** The writer does not need the place any more: its event was released, or its letter is safe elsewhere. */
  leave(writer: object): void {
    if (!this.writers.delete(writer)) return;
    // Not within the end of a claim: whoever hears of it may ask the store for more, while other claims are about to end with this one.
    queueMicrotask(() => {
      if (this.writers.size === 0) this.note(undefined);
    });
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
