import { setMaxListeners } from 'node:events';
import type { Claim, ConsumeOptions, Consumption, EventHandler, Logger } from '@millrace/eventing-api';
import { HandedOutEvents, type HandedOutEvent } from './handed-out-events.js';
import type { HeldEvent } from './held-event.js';
import type { QueueReader, SubscriptionQueue } from './subscription-queue.js';

/** Hands the events of one queue to a handler, so many at a time. */
export class InMemoryConsumption implements Consumption, QueueReader {
  readonly closed: Promise<void>;
  private readonly end = Promise.withResolvers<undefined>();
  private readonly ownership = new AbortController();
  private readonly claim: Claim = { signal: this.ownership.signal };
  private readonly handedOut = new HandedOutEvents();
  /** Released by the handler: they wait for `resume` or the next consumption, so that a handler that releases at once is not asked again at once. */
  private readonly setAside: HandedOutEvent[] = [];
  private ended = false;
  private takenAway = false;
  private stopping: Promise<void> | undefined;
  /** The deadline of a stop has passed. */
  private overdue = false;
  /** Set while a stop waits. */
  private endWait: (() => void) | undefined;

  constructor(
    private readonly queue: SubscriptionQueue,
    private readonly handler: EventHandler,
    private options: ConsumeOptions,
    private readonly logger: Logger,
  ) {
    setMaxListeners(0, this.ownership.signal);
    this.closed = this.end.promise;
    // A loss that nobody waits for is no crash.
    this.closed.catch(() => {});
    queue.paused = false;
    queue.attach(this);
    this.wake();
  }

  pause(): void {
    this.queue.paused = true;
  }

  resume(): void {
    this.queue.paused = false;
    this.returnSetAside();
    this.wake();
  }

  update(options: ConsumeOptions): void {
    this.options = options;
    this.wake();
  }

  wake(): void {
    while (!this.queue.paused && !this.ended && this.handedOut.size < this.options.maxInFlight) {
      const held = this.queue.take();
      if (!held) return;
      this.handOut(held);
    }
  }

  takeAway(): void {
    this.ended = true;
    this.takenAway = true;
    this.returnSetAside();
    this.end.reject(new Error(`Subscription ${this.queue.subscription.name} was deleted`));
  }

  stop(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.onDeadline();
    else deadline.addEventListener('abort', this.onDeadline, { once: true });
    this.stopping ??= this.finish();
    return this.stopping;
  }

  private handOut(held: HeldEvent): void {
    const entry = this.handedOut.add(held);
    this.handler(held.event, this.claim).then(
      (settlement) => this.settle(entry, settlement),
      (error: unknown) => {
        this.logger.error('An event handler threw; its event is released', { error });
        this.settle(entry, 'release');
      },
    );
  }

  private settle(entry: HandedOutEvent, settlement: Awaited<ReturnType<EventHandler>>): void {
    // Given back at the deadline: the next consumption has it.
    if (!this.handedOut.remove(entry)) return;
    const { held } = entry;
    if (settlement !== 'release') this.queue.settle(held, settlement);
    else if (this.takenAway) this.queue.giveBack(held);
    else this.setAside.push(entry);
    if (this.handedOut.size === 0) this.endWait?.();
    this.wake();
  }

  private async finish(): Promise<void> {
    this.ended = true;
    await this.idleOrOverdue();
    if (this.handedOut.size > 0) {
      this.ownership.abort(new Error('The consumption was stopped'));
      // One turn for handlers that settle as soon as their claim ends.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.giveBack([...this.handedOut.removeAll(), ...this.setAside.splice(0)]);
    this.queue.detach(this);
    this.end.resolve(undefined);
  }

  private idleOrOverdue(): Promise<void> {
    if (this.handedOut.size === 0 || this.overdue) return Promise.resolve();
    return new Promise((resolve) => (this.endWait = resolve));
  }

  private readonly onDeadline = (): void => {
    this.overdue = true;
    this.endWait?.();
  };

  private returnSetAside(): void {
    this.giveBack(this.setAside.splice(0));
  }

  /** In the order in which they were handed out, whatever order they come back in: events of one key must not overtake each other. */
  private giveBack(entries: HandedOutEvent[]): void {
    for (const { held } of entries.sort((a, b) => b.order - a.order)) this.queue.giveBack(held);
  }
}
