import type { Clock, DriverSubscription, Settlement, SubscriptionAccount } from '@millrace/eventing-api';
import type { YieldingHolder } from './byte-budget.js';
import { DrainRate } from './drain-rate.js';
import type { HeldEvent } from './held-event.js';
import { RingQueue } from './ring-queue.js';

/** Why the store itself gave up events that it had accepted. */
export type DropReason = 'channel-deleted' | 'subscription-deleted' | 'shut-down';

/** What takes events out of a queue. */
export interface QueueReader {
  /** There may be an event to take. */
  wake(): void;
  /** The queue is gone for good. */
  takeAway(): void;
}

/** The events that wait for one Subscription, and the account of those that it had. */
export class SubscriptionQueue implements SubscriptionAccount, YieldingHolder {
  accepted = 0;
  delivered = 0;
  filtered = 0;
  deadLettered = 0;
  readonly droppedByReason = new Map<string, number>();
  /** The Subscription is gone and may come back: until then what waits here stands in nobody's way. */
  detached = false;
  /** Whoever takes events out of it takes none for now. */
  paused = false;
  private readonly waiting = new RingQueue<HeldEvent>();
  private handedOut = 0;
  private reader: QueueReader | undefined;
  private readonly drainRate: DrainRate;
  /** Set once the queue is gone: what comes back then is dropped. */
  private removedFor: DropReason | undefined;

  /** `onSettled` hears of each event once, so that the Channel can free it. */
  constructor(
    public subscription: DriverSubscription,
    private readonly onSettled: (held: HeldEvent) => void,
    private readonly clock: Clock,
  ) {
    this.drainRate = new DrainRate(clock.now());
  }

  /** Waiting and in delivery. */
  get pending(): number {
    return this.waiting.size + this.handedOut;
  }

  get inFlight(): number {
    return this.handedOut;
  }

  /** Age of the event that waits longest; those in delivery are not looked at. */
  get oldestWaitingMs(): number | undefined {
    const oldest = this.waiting.peekFront();
    return oldest && this.clock.now() - oldest.acceptedAtMs;
  }

  retryAfterMs(events: number): number {
    return this.drainRate.retryAfterMs(events, this.clock.now());
  }

  add(held: HeldEvent): void {
    this.accepted++;
    this.waiting.pushBack(held);
  }

  wakeReader(): void {
    this.reader?.wake();
  }

  take(): HeldEvent | undefined {
    const held = this.waiting.takeFront();
    if (held) this.handedOut++;
    return held;
  }

  /** An event that was taken comes back to the front, unsettled. */
  giveBack(held: HeldEvent): void {
    this.handedOut--;
    this.waiting.pushFront(held);
    if (this.removedFor) this.dropWaiting(this.removedFor);
  }

  /** An event that was taken is done with. */
  settle(held: HeldEvent, settlement: Exclude<Settlement, 'release'>): void {
    this.handedOut--;
    if (settlement === 'delivered') this.delivered++;
    else if (settlement === 'filtered') this.filtered++;
    else if (settlement === 'dead-lettered') this.deadLettered++;
    else this.countDropped('handler', 1);
    this.drainRate.note(this.clock.now());
    this.finish(held, settlement === 'delivered' || settlement === 'filtered');
  }

  /** Gives up the event that waits longest, of a Subscription that is gone. */
  giveUpOldest(): boolean {
    const held = this.waiting.takeFront();
    if (!held) return false;
    this.countDropped('subscription-deleted', 1);
    this.finish(held, false);
    return true;
  }

  /** Gives up what waits; what is in delivery settles in its own time. Returns how many. */
  dropWaiting(reason: DropReason): number {
    const count = this.waiting.size;
    if (count > 0) this.countDropped(reason, count);
    for (let held = this.waiting.takeFront(); held; held = this.waiting.takeFront()) this.finish(held, false);
    return count;
  }

  /** Throws when another reader is attached: there is one consumption per Subscription and process. */
  attach(reader: QueueReader): void {
    if (this.reader) throw new Error(`Subscription ${this.subscription.name} is consumed already`);
    this.reader = reader;
  }

  detach(reader: QueueReader): void {
    if (this.reader === reader) this.reader = undefined;
  }

  /** Ends the queue with its reader. Returns how many waiting events were lost. */
  remove(reason: DropReason): number {
    this.removedFor = reason;
    const waiting = this.dropWaiting(reason);
    this.reader?.takeAway();
    return waiting;
  }

  private finish(held: HeldEvent, taken: boolean): void {
    held.waiter?.settled(this.subscription.name, taken);
    this.onSettled(held);
  }

  private countDropped(reason: string, count: number): void {
    this.droppedByReason.set(reason, (this.droppedByReason.get(reason) ?? 0) + count);
  }
}
