import {
  DeliveryEngine,
  type DeliveryHost,
  type SubscriptionDelivery,
  type SubscriptionTarget,
} from '@millrace/delivery';
import {
  resolveDelivery,
  silentLogger,
  systemClock,
  type Consumption,
  type DriverSubscription,
  type ResolvedDelivery,
} from '@millrace/eventing-api';
import { expect } from 'vitest';
import type { ConformanceSubject } from './conformance-subject.js';
import { HttpSubscriber, type SubscriberBehaviour } from './http-subscriber.js';

/** Where and how the events of a Subscription are delivered. */
export interface DeliverySettings {
  readonly sink?: HttpSubscriber | undefined;
  readonly delivery?: Partial<ResolvedDelivery> | undefined;
  readonly host?: DeliveryHost | undefined;
}

/** A Subscription whose events are being delivered. */
export interface RunningDelivery {
  readonly delivery: SubscriptionDelivery;
  readonly consumption: Consumption;
}

/** Retries follow at once: what is at stake here is that they happen, not when. */
const QUICK = { retry: 5, backoffDelayMs: 1, backoffMaxMs: 2, timeoutMs: 30_000, maxInFlight: 10 };

/** The delivery engine between the driver of a subject and subscribers with real ports. */
export class EngineRig {
  private readonly engine = new DeliveryEngine({ clock: systemClock, logger: silentLogger });

  constructor(private readonly subject: ConformanceSubject) {
    subject.onEnd(() => this.engine.close());
  }

  async subscriber(behaviour?: SubscriberBehaviour): Promise<HttpSubscriber> {
    const subscriber = await HttpSubscriber.start(behaviour);
    this.subject.onEnd(() => subscriber.close());
    return subscriber;
  }

  /** Delivers until the check ends, or the consumption is stopped. */
  deliver(
    subscription: DriverSubscription,
    subscriber: HttpSubscriber,
    settings: DeliverySettings = {},
  ): RunningDelivery {
    const target: SubscriptionTarget = {
      namespace: subscription.channel.namespace,
      name: subscription.name,
      uid: subscription.uid,
      channel: subscription.channel.name,
      subscriberUri: subscriber.url,
      deadLetterSinkUri: settings.sink?.url,
      delivery: { ...resolveDelivery(undefined), ...QUICK, ...settings.delivery },
    };
    const delivery = this.engine.open(target, settings.host);
    const options = { maxInFlight: delivery.claimWindow };
    return { delivery, consumption: this.subject.consume(subscription, delivery, options) };
  }
}

/** Each term counted on its own, they add up; nothing is under way any more. */
export function expectBalanceAtRest({ counters }: SubscriptionDelivery): void {
  const { claimed, delivered, filtered, deadLettered, dropped, released, inFlight } = counters;
  expect(inFlight, 'events in flight at rest').toBe(0);
  expect(delivered + filtered + deadLettered + dropped + released, 'the outcomes of what was claimed').toBe(claimed);
}
