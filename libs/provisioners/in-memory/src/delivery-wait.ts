import type { PublishResult } from '@millrace/eventing-api';
import type { DeliveryWaiter } from './held-event.js';

const STORED: PublishResult = { outcome: 'stored' };

/**
 * One publish that is answered when every Subscription has settled its event (`acknowledge: delivered`). Giving up the wait, by time-out
 * or because the producer hung up, takes nothing out of a queue.
 */
export class DeliveryWait implements DeliveryWaiter {
  readonly result: Promise<PublishResult>;
  private readonly answer = Promise.withResolvers<PublishResult>();
  /** An array, since there are few: a Set for each publish costs more than looking through it. */
  private readonly unsettled: string[];
  private readonly failed: string[] = [];

  constructor(
    subscriptions: Iterable<string>,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.unsettled = [...subscriptions];
    this.result = this.answer.promise;
    if (signal?.aborted) this.onAbort();
    else signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  settled(subscription: string, taken: boolean): void {
    const index = this.unsettled.indexOf(subscription);
    if (index < 0) return;
    this.unsettled.splice(index, 1);
    if (!taken) this.failed.push(subscription);
    if (this.unsettled.length > 0) return;
    this.signal?.removeEventListener('abort', this.onAbort);
    this.answer.resolve(
      this.failed.length === 0
        ? STORED
        : {
            outcome: 'refused',
            code: 'not-delivered',
            message: `The event was not delivered to ${nameSubscriptions(this.failed)}`,
          },
    );
  }

  private readonly onAbort = (): void => {
    const failures = this.failed.length === 0 ? '' : `; it was not delivered to ${nameSubscriptions(this.failed)}`;
    this.answer.resolve({
      outcome: 'refused',
      code: 'timeout',
      message: `No answer in time from ${nameSubscriptions(this.unsettled)}${failures}`,
    });
  };
}

function nameSubscriptions(names: readonly string[]): string {
  const sorted = [...names].sort();
  return `${sorted.length === 1 ? 'Subscription' : 'Subscriptions'} ${sorted.join(', ')}`;
}
