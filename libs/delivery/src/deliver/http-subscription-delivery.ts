import type { Claim, EventHandler, Settlement, StoredEvent } from '@millrace/eventing-api';
import { SubscriptionCounters } from '../accounting/subscription-counters.js';
import { DeliveryRun, type DeliveryServices, type RunContext, type RunOutcome } from './delivery-run.js';
import type { DeliveryLimits } from './delivery-limits.js';
import type { DropLog } from './drop-log.js';
import { HttpSender } from './http-sender.js';
import { OpenRuns } from './open-runs.js';
import { routeOf, type Route } from './route.js';
import type { SubscriptionDelivery, SubscriptionTarget } from './subscription-delivery.types.js';

/** Intakes that an event may pass; one more and it goes round in a circle. */
const MAX_HOPS = 64;

const LOOP: RunOutcome = {
  outcome: 'dropped',
  reason: 'loop',
  message: `The event has passed more than ${MAX_HOPS} intakes.`,
};
const RELEASE: RunOutcome = { outcome: 'release' };

/** What a Subscription's delivery needs besides what its runs need. */
export interface SubscriptionDeliveryParts {
  readonly services: DeliveryServices;
  readonly limits: DeliveryLimits;
  readonly drops: DropLog;
  /** Is called once, when the delivery is aborted. */
  readonly onAbort: (delivery: HttpSubscriptionDelivery) => void;
}

/** Delivers the events of one Subscription over HTTP and counts what becomes of them. */
export class HttpSubscriptionDelivery implements SubscriptionDelivery, RunContext {
  readonly counters = new SubscriptionCounters();
  readonly sender: HttpSender;
  private readonly runs = new OpenRuns();
  private aborted = false;
  private currentRoute: Route;

  constructor(
    target: SubscriptionTarget,
    private readonly parts: SubscriptionDeliveryParts,
  ) {
    this.sender = new HttpSender(parts.services.clock, parts.limits);
    this.currentRoute = routeOf(target);
  }

  get route(): Route {
    return this.currentRoute;
  }

  get services(): DeliveryServices {
    return this.parts.services;
  }

  get target(): SubscriptionTarget {
    return this.currentRoute.target;
  }

  readonly handle: EventHandler = (event, claim) =>
    new Promise((resolve) => {
      this.counters.claimed++;
      this.counters.inFlight++;
      if (this.aborted || claim.signal.aborted) resolve(this.settle(event, RELEASE));
      else if (event.transport.hops > MAX_HOPS) resolve(this.settle(event, LOOP));
      else this.run(event, claim, resolve);
    });

  update(target: SubscriptionTarget): void {
    this.currentRoute = routeOf(target);
    this.sender.forgetIdle();
  }

  abort(): void {
    if (this.aborted) return;
    this.aborted = true;
    this.runs.abort();
    void this.sender.close();
    this.parts.onAbort(this);
  }

  private run(event: StoredEvent, claim: Claim, resolve: (settlement: Settlement) => void): void {
    const run = new DeliveryRun(event, claim, this, (outcome) => {
      this.runs.remove(run);
      resolve(this.settle(event, outcome));
    });
    this.runs.add(run);
    run.start();
  }

  /** Moves an event from `inFlight` to what became of it. */
  private settle(event: StoredEvent, outcome: RunOutcome): Settlement {
    const { counters } = this;
    counters.inFlight--;
    switch (outcome.outcome) {
      case 'delivered':
        counters.delivered++;
        return 'delivered';
      case 'release':
        counters.released++;
        return 'release';
      case 'dropped':
        counters.drop(outcome.reason);
        this.parts.drops.tell(this.target, event, outcome.reason, outcome.message);
        return 'dropped';
    }
  }
}
