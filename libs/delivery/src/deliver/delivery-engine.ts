import type { Clock, Logger } from '@millrace/eventing-api';
import type { AttemptListener } from './attempt-listener.types.js';
import { DEFAULT_DELIVERY_LIMITS, type DeliveryLimits } from './delivery-limits.js';
import { DropLog } from './drop-log.js';
import { HttpSubscriptionDelivery, type SubscriptionDeliveryParts } from './http-subscription-delivery.js';
import type { SubscriptionDelivery, SubscriptionTarget } from './subscription-delivery.types.js';

/** What a delivery engine is made of. */
export interface DeliveryEngineOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: `DEFAULT_DELIVERY_LIMITS`. */
  readonly limits?: Partial<DeliveryLimits> | undefined;
  /** Is told of every HTTP attempt; nothing is spent on it when absent. */
  readonly onAttempt?: AttemptListener | undefined;
  /** A number in [0, 1) for the jitter of waits; default Math.random. */
  readonly random?: (() => number) | undefined;
}

/**
 * Everything between a store and the consumers of a process: attempts, time-outs, retries, replies, settlement, counters. The same for every store.
 */
export class DeliveryEngine {
  private readonly opened = new Set<HttpSubscriptionDelivery>();
  private readonly parts: SubscriptionDeliveryParts;

  constructor({ clock, logger, limits, onAttempt, random = Math.random }: DeliveryEngineOptions) {
    this.parts = {
      services: { clock, random, onAttempt },
      limits: { ...DEFAULT_DELIVERY_LIMITS, ...limits },
      drops: new DropLog(clock, logger),
      onAbort: (delivery) => this.opened.delete(delivery),
    };
  }

  /** @throws TypeError when an address of the target is no absolute http or https URL */
  open(target: SubscriptionTarget): SubscriptionDelivery {
    const delivery = new HttpSubscriptionDelivery(target, this.parts);
    this.opened.add(delivery);
    return delivery;
  }

  /** Those opened and not aborted. */
  deliveries(): Iterable<SubscriptionDelivery> {
    return this.opened;
  }

  /** Aborts every delivery and ends its connections. Idempotent. */
  async close(): Promise<void> {
    const deliveries = [...this.opened];
    for (const delivery of deliveries) delivery.abort();
    await Promise.all(deliveries.map(({ sender }) => sender.close()));
  }
}
