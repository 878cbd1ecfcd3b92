import type { Clock, Logger } from '@millrace/eventing-api';
import type { AttemptListener } from './attempt-listener.types.js';
import { DEFAULT_DELIVERY_LIMITS, type DeliveryLimits } from './delivery-limits.js';
import { FairBudget } from '../sharing/fair-budget.js';
import { guarded } from './guarded.js';
import { HttpSubscriptionDelivery, type SubscriptionDeliveryParts } from './http-subscription-delivery.js';
import type { DeliveryHost, SubscriptionDelivery, SubscriptionTarget } from './subscription-delivery.types.js';

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

/** What an engine uses right now of its limits. */
export type EngineUsage = Pick<DeliveryLimits, 'attemptsUnderWay' | 'answerBytesHeld'>;

/**
 * Everything between a store and the consumers of a process: attempts, time-outs, retries, replies, dead letters, order, settlement,
 * counters. The same for every store.
 */
export class DeliveryEngine {
  private readonly opened = new Set<HttpSubscriptionDelivery>();
  private readonly parts: SubscriptionDeliveryParts;
  private readonly logger: Logger;

  constructor(options: DeliveryEngineOptions) {
    const { clock, logger, onAttempt, random = Math.random } = options;
    const limits = { ...DEFAULT_DELIVERY_LIMITS, ...options.limits };
    this.logger = logger;
    this.parts = {
      services: { clock, random, onAttempt: guarded(onAttempt, 'The listener of attempts', logger) },
      limits,
      attempts: new FairBudget(limits.attemptsUnderWay),
      answerBytes: new FairBudget(limits.answerBytesHeld),
      logger,
      onAbort: (delivery) => this.opened.delete(delivery),
    };
  }

  /** What is used of the limits of the process: attempts under way, bytes of answers held. */
  get usage(): EngineUsage {
    const { attempts, answerBytes } = this.parts;
    return { attemptsUnderWay: attempts.used, answerBytesHeld: answerBytes.used };
  }

  /** @throws TypeError when an address of the target is no absolute http or https URL */
  open(target: SubscriptionTarget, { deadLetterPlace, onDeadLetterFault }: DeliveryHost = {}): SubscriptionDelivery {
    const host = {
      deadLetterPlace,
      onDeadLetterFault: guarded(onDeadLetterFault, 'The listener of dead letter faults', this.logger),
    };
    const delivery = new HttpSubscriptionDelivery(target, host, this.parts);
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
