import type { Message } from '@google-cloud/pubsub';
import {
  RareWarning,
  within,
  type Clock,
  type ConsumeOptions,
  type Consumption,
  type DriverSubscription,
  type EventHandler,
  type Logger,
  type Settlement,
  type Timer,
} from '@millrace/eventing-api';
import { storeError } from './gcp-pubsub-refusals.js';
import { HeldMessages, type HeldMessage } from './held-messages.js';
import { fromPubSubMessage } from './message-mapping.js';
import { MessagePull, type PullListener } from './message-pull.js';
import type { ConsumptionClient } from './pubsub-clients.js';

export interface ConsumptionContext {
  readonly subscriptionName: string;
  readonly ackDeadlineSeconds: number;
  readonly client: ConsumptionClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** What telling the service may take after the deadline of a stop. The contract gives 2 s. */
const AFTER_DEADLINE_MS = 1500;

/**
 * Hands the events of one subscription to a handler. The client pulls as many as the handler takes at one time and keeps their leases; this
 * counts them, pulls anew when a pull is broken, and gives back only at the end, in order: a message given back in the middle would be overtaken by the next ones of its key.
 */
export class GcpPubSubConsumption implements Consumption, PullListener {
  readonly closed: Promise<void>;
  private readonly end = Promise.withResolvers<undefined>();
  private readonly held = new HeldMessages();
  /** The newest is the one that fetches; former ones last until their messages are done. */
  private readonly pulls = new Set<MessagePull>();
  private readonly foreignMessages: RareWarning;
  private backoffMs = FIRST_BACKOFF_MS;
  private retry: Timer | undefined;
  private paused = false;
  /** Nothing is handed out any more. */
  private ended = false;
  private stopping: Promise<void> | undefined;
  /** Set while a stop waits for the handler. */
  private endWait: (() => void) | undefined;
  private overdue = false;
  /** Everything was given back: what still arrives goes the same way. */
  private over = false;

  constructor(
    readonly subscription: DriverSubscription,
    private readonly handler: EventHandler,
    private options: ConsumeOptions,
    private readonly context: ConsumptionContext,
  ) {
    this.foreignMessages = new RareWarning(
      context.logger,
      context.clock,
      'A message that is no CloudEvent was acknowledged and left out',
    );
    this.closed = this.end.promise;
    // A loss that nobody waits for is no crash.
    this.closed.catch(() => {});
    this.pull();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.held.requeueReleased();
    this.handOut();
  }

  update(options: ConsumeOptions): void {
    const isLarger = options.maxInFlight > this.options.maxInFlight;
    this.options = options;
    // The service keeps to what it was told when the stream was opened. One that may leave less with us stays: what is here waits its turn.
    if (isLarger && !this.ended && !this.retry) this.pull();
    this.handOut();
  }

  stop(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.onDeadline();
    else deadline.addEventListener('abort', this.onDeadline, { once: true });
    this.stopping ??= this.finish();
    return this.stopping;
  }

  /** The subscription was deleted, here or elsewhere. */
  takeAway(error: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.retry?.cancel();
    this.end.reject(storeError(`Subscription ${this.subscription.name} is gone from Pub/Sub`, error));
    this.giveBackAll(error);
    void this.letGo();
  }

  onMessage(message: Message): void {
    if (this.over) {
      message.nack();
      return;
    }
    this.backoffMs = FIRST_BACKOFF_MS;
    if (this.held.leaseAgain(message)) return;
    const reading = fromPubSubMessage(message);
    if (reading.outcome === 'invalid') {
      const { subscriptionName: subscription } = this.context;
      this.foreignMessages.tell(() => ({ subscription, messageId: message.id, fault: reading.fault.message }));
      message.ack();
      return;
    }
    this.held.add(message, reading.event);
    this.handOut();
  }

  onLeasesLost(ackIds: readonly string[], error: Error): void {
    giveBack(this.held.removeLeased(ackIds), storeError('The lease of the event was lost', error));
    this.wake();
  }

  onBroken(error: Error): void {
    if (this.ended) return;
    const delayMs = this.backoffMs;
    this.backoffMs = Math.min(2 * delayMs, LONGEST_BACKOFF_MS);
    const { logger, clock, subscriptionName } = this.context;
    logger.warn('Pub/Sub ended a consumption; it is begun again', { subscription: subscriptionName, delayMs, error });
    this.retry?.cancel();
    this.retry = clock.schedule(delayMs, () => this.pull());
  }

  onGone(error: Error): void {
    this.takeAway(error);
  }

  private pull(): void {
    this.retry = undefined;
    for (const former of this.pulls) former.close();
    const { client, subscriptionName, ackDeadlineSeconds } = this.context;
    const settings = { subscriptionName, maxMessages: this.options.maxInFlight, ackDeadlineSeconds };
    const pull = new MessagePull(client.client, settings, this);
    this.pulls.add(pull);
    void pull.ended.then(() => this.pulls.delete(pull));
  }

  private handOut(): void {
    while (!this.paused && !this.ended && this.held.inFlight < this.options.maxInFlight) {
      const held = this.held.take();
      if (!held) return;
      const { ownership, deliveryCount } = held;
      this.handler(held.event, { signal: ownership.signal, deliveryCount }).then(
        (settlement) => this.settle(held, settlement),
        (error: unknown) => {
          this.context.logger.error('An event handler threw; its event is released', { error });
          this.settle(held, 'release');
        },
      );
    }
  }

  private settle(held: HeldMessage, settlement: Settlement): void {
    // Where the lease was lost, or given back at the deadline, somebody else has it.
    if (!this.held.settle(held, settlement === 'release')) return;
    if (settlement !== 'release') held.acknowledge();
    this.wake();
  }

  private wake(): void {
    if (this.held.inFlight === 0) this.endWait?.();
    this.handOut();
  }

  private async finish(): Promise<void> {
    this.ended = true;
    this.retry?.cancel();
    for (const pull of this.pulls) pull.close();
    if (this.held.inFlight > 0 && !this.overdue) await new Promise<void>((resolve) => (this.endWait = resolve));
    this.giveBackAll(new Error('The consumption was stopped'));
    await this.letGo();
    this.end.resolve(undefined);
  }

  private giveBackAll(reason: Error): void {
    this.over = true;
    giveBack(this.held.removeAll(), reason);
  }

  /** Waits until the service has been told, but not for a service that does not answer. */
  private async letGo(): Promise<void> {
    for (const pull of this.pulls) pull.close();
    const told = Promise.all([...this.pulls].map(({ ended }) => ended));
    await within(this.context.clock, AFTER_DEADLINE_MS, told).catch(() => {});
    this.context.client.release();
  }

  private readonly onDeadline = (): void => {
    this.overdue = true;
    this.endWait?.();
  };
}

/** Claims end from the youngest on: an older one that ends lets the next of its key go. The service is told in the order in which they came. */
function giveBack(all: readonly HeldMessage[], reason: Error): void {
  for (const held of all.toReversed()) held.ownership.abort(reason);
  for (const held of all) held.giveBack();
}
