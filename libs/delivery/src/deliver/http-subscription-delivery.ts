import type { EventHandler, Logger, Settlement } from '@millrace/eventing-api';
import { SubscriptionCounters } from '../accounting/subscription-counters.js';
import type { CircuitState } from '../circuit/circuit-breaker.js';
import { DeadLetterDesk } from '../dead-letter/dead-letter-desk.js';
import { Lanes } from '../lanes/lanes.js';
import type { FairBudget, FairShare } from '../sharing/fair-budget.js';
import type { DeliveryLimits } from './delivery-limits.js';
import { DeliveryRun, type RunOwner } from './delivery-run.js';
import { GiveUpLog } from './give-up-log.js';
import { HttpSender } from './http-sender.js';
import { OpenRuns } from './open-runs.js';
import { routeOf, type Route } from './route.js';
import type { DeliveryServices, RunOutcome } from './run-context.types.js';
import type { DeliveryHost, SubscriptionDelivery, SubscriptionTarget } from './subscription-delivery.types.js';

/** With lanes: events that may wait behind others of their key, or for their next attempt, beyond those that are attempted. */
const EVENTS_WAITING_IN_LANES = 1024;

/** What all deliveries of a process share. */
export interface SubscriptionDeliveryParts {
  readonly services: DeliveryServices;
  readonly limits: DeliveryLimits;
  readonly attempts: FairBudget;
  readonly answerBytes: FairBudget;
  readonly logger: Logger;
  /** Is called once, when the delivery is aborted. */
  readonly onAbort: (delivery: HttpSubscriptionDelivery) => void;
}

/** Delivers the events of one Subscription over HTTP and counts what becomes of them. */
export class HttpSubscriptionDelivery implements SubscriptionDelivery, RunOwner {
  readonly counters: SubscriptionCounters;
  readonly sender: HttpSender;
  readonly attempts: FairShare;
  readonly answerBytes: FairShare;
  readonly deadLetters: DeadLetterDesk;
  private readonly log: GiveUpLog;
  private readonly runs = new OpenRuns();
  private readonly lanes: Lanes<DeliveryRun> | undefined;
  private isAborted = false;
  private currentRoute: Route;

  /** @throws TypeError when an address of the target is no absolute http or https URL */
  constructor(
    target: SubscriptionTarget,
    host: DeliveryHost,
    private readonly parts: SubscriptionDeliveryParts,
  ) {
    this.currentRoute = routeOf(target);
    this.log = new GiveUpLog(parts.services.clock, parts.logger);
    this.counters = new SubscriptionCounters(() => this.runs.size);
    this.attempts = parts.attempts.share();
    this.answerBytes = parts.answerBytes.share();
    this.sender = new HttpSender(parts.services.clock, parts.limits, this.answerBytes);
    this.deadLetters = new DeadLetterDesk(host, this.counters);
    if (target.delivery.ordering === 'key') this.lanes = new Lanes((run) => this.begin(run));
    this.limitAttempts();
  }

  get route(): Route {
    return this.currentRoute;
  }

  get aborted(): boolean {
    return this.isAborted;
  }

  get services(): DeliveryServices {
    return this.parts.services;
  }

  get target(): SubscriptionTarget {
    return this.currentRoute.target;
  }

  get claimWindow(): number {
    const { maxInFlight } = this.target.delivery;
    return this.lanes ? maxInFlight + EVENTS_WAITING_IN_LANES : maxInFlight;
  }

  get deadLetterFault(): string | undefined {
    return this.deadLetters.fault;
  }

  circuitState(hop: 'subscriber' | 'dead-letter'): CircuitState {
    const { subscriber, deadLetterSink } = this.currentRoute;
    return (hop === 'subscriber' ? subscriber : deadLetterSink).circuit.state;
  }

  readonly handle: EventHandler = (event, claim) =>
    new Promise((resolve) => {
      const { wants } = this.currentRoute;
      if (this.isAborted || claim.signal.aborted) {
        this.counters.claimed++;
        this.counters.released++;
        resolve('release');
      } else if (wants && !wants(event)) {
        this.counters.claimed++;
        this.counters.filtered++;
        resolve('filtered');
      } else {
        const run = new DeliveryRun(event, claim, this, resolve);
        this.counters.claimed++;
        this.runs.add(run);
        if (this.lanes && event.partitionKey !== undefined) this.queue(run, event.partitionKey, this.lanes);
        else run.start();
      }
    });

  onEnd(run: DeliveryRun, outcome: RunOutcome): void {
    this.runs.remove(run);
    run.settle(this.account(run, outcome));
    if (run.lane) this.lanes?.leave(run.lane);
  }

  update(target: SubscriptionTarget): void {
    const route = routeOf(target, this.currentRoute);
    this.currentRoute = route;
    this.limitAttempts();
    this.sender.keepOnly([route.subscriber.address, route.replyAddress, route.deadLetterSink.address]);
  }

  abort(): void {
    if (this.isAborted) return;
    this.isAborted = true;
    this.deadLetters.close();
    this.attempts.clear();
    this.answerBytes.clear();
    this.runs.abort();
    void this.sender.close();
    this.parts.onAbort(this);
  }

  private queue(run: DeliveryRun, key: string, lanes: Lanes<DeliveryRun>): void {
    run.lane = lanes.join(key, run);
    if (run.lane.isFirst) run.start();
  }

  /** The run before this one in its lane has ended. */
  private begin(run: DeliveryRun): void {
    // One that is about to be released, by what released the one before it, is left to that.
    if (!this.isAborted && !run.claim.signal.aborted) run.start();
  }

  /**
   * With lanes the store hands out more events than may be attempted at one time, and one that waits for its next attempt gives way: else a few keys that cannot
   * be delivered would hold up all others. What waits for a connection waits here, too, where it holds none of the attempts of the process.
   */
  private limitAttempts(): void {
    this.attempts.limit = Math.min(this.target.delivery.maxInFlight, this.parts.limits.connectionsPerOrigin);
  }

  /** Counts what became of an event that is in flight no more. */
  private account(run: DeliveryRun, outcome: RunOutcome): Settlement {
    const { counters } = this;
    switch (outcome.outcome) {
      case 'delivered':
        counters.delivered++;
        return 'delivered';
      case 'release':
        counters.released++;
        return 'release';
      case 'dead-lettered':
        if (outcome.by === 'sink') counters.deadLetteredToSink++;
        else counters.deadLetteredToPlace++;
        this.log.tellDeadLettered(this.target, run.event, outcome);
        return 'dead-lettered';
      case 'dropped':
        counters.drop(outcome.reason);
        this.log.tellDropped(this.target, run.event, outcome);
        return 'dropped';
    }
  }
}
