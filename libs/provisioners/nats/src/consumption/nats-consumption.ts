import {
  RareWarning,
  sleep,
  type Clock,
  type ConsumeOptions,
  type Consumption,
  type DriverSubscription,
  type EventHandler,
  type Logger,
  type Settlement,
  type Timer,
} from '@millrace/eventing-api';
import type { Subscription } from 'nats';
import type { Acknowledger } from '../acknowledger.js';
import type { HeldMessage } from './held-message.js';
import { PartitionReader } from './partition-reader.js';
import { ackSubject, durableName, ownersSubject, streamName } from '../names.js';
import { FREE, LOST, type OwnershipRecord } from '../ownership/ownership-record.js';
import type { OwnershipStore } from '../ownership/ownership-store.js';
import { PartitionOwnership } from '../ownership/partition-ownership.js';
import type { StoreConnection } from '../store-connection.js';
import type { DurableState } from '../subscription-durables.js';

/** What every consumption of a store works with. */
export interface ConsumptionServices {
  readonly connection: StoreConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly acknowledger: Acknowledger;
  readonly owners: OwnershipStore;
  readonly ackWaitMs: number;
  /** Partitions of the Channel; undefined = it is gone. Rejects where it cannot be told. */
  readonly partitionsOf: (subscription: DriverSubscription) => Promise<number | undefined>;
  /** State of one durable; undefined = it is gone. Rejects where it cannot be told. */
  readonly stateOf: (subscription: DriverSubscription, partition: number) => Promise<DurableState | undefined>;
}

/** How long a partition that others are short of may take to finish what it has handed out, as a share of the lease. */
const GRACE_SHARE = 0.5;
const TENDS_IN_ACK_WAIT = 4;
const BEGIN_AGAIN_MS = 500;
const LEAVE_LIMIT_MS = 800;

/** Hands the events of the partitions that this process owns to a handler, so many at a time. */
export class NatsConsumption implements Consumption {
  readonly closed: Promise<void>;
  private readonly ending = Promise.withResolvers<undefined>();
  private readonly readers = new Map<number, PartitionReader>();
  private readonly faults: RareWarning;
  private readonly stopListening: () => void;
  private ownership: PartitionOwnership | undefined;
  private agreement: Subscription | undefined;
  private tending: Timer | undefined;
  /** Where the next look for an event begins, so that no partition comes short. */
  private turn = 0;
  private inFlight = 0;
  private paused = false;
  private ended = false;
  private stopping: Promise<void> | undefined;
  /** The deadline of a stop has passed. */
  private overdue = false;
  /** Set while a stop waits. */
  private endWait: (() => void) | undefined;

  constructor(
    private readonly subscription: DriverSubscription,
    private readonly handler: EventHandler,
    private options: ConsumeOptions,
    private readonly services: ConsumptionServices,
  ) {
    this.closed = this.ending.promise;
    // A loss that nobody waits for is no crash.
    this.closed.catch(() => {});
    this.faults = new RareWarning(services.logger, services.clock, 'A message is no CloudEvent and is passed over');
    this.stopListening = services.connection.listen({
      onConnect: () => this.onConnect(),
      onForbidden: (subject, message) => this.onForbidden(subject, message),
    });
    void this.begin();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    for (const reader of this.readers.values()) reader.returnSetAside();
    this.handOut();
  }

  update(options: ConsumeOptions): void {
    this.options = options;
    this.shareRoom();
    this.handOut();
  }

  stop(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.onDeadline();
    else deadline.addEventListener('abort', this.onDeadline, { once: true });
    this.stopping ??= this.finish();
    return this.stopping;
  }

  /** Ends for good: the store took it away, or is closed. */
  takeAway(reason: string): void {
    if (this.ended) return;
    this.ended = true;
    this.letGo();
    for (const reader of this.readers.values()) reader.abort(reason);
    const givenBack = [...this.readers.values()].map((reader) => reader.giveBack());
    this.readers.clear();
    this.endWait?.();
    void Promise.all(givenBack).then(() => this.leave(new Set()));
    this.ending.reject(new Error(reason));
  }

  private async begin(): Promise<void> {
    const { subscription, services } = this;
    let partitions: number | undefined;
    try {
      partitions = await services.partitionsOf(subscription);
    } catch {
      // The store is away: whoever connects begins again; where it is not, we do.
      if (!this.ended) services.clock.schedule(BEGIN_AGAIN_MS, () => void this.begin());
      return;
    }
    if (this.ended || this.ownership) return;
    if (partitions === undefined) {
      this.takeAway(`Channel ${subscription.channel.namespace}/${subscription.channel.name} is not in this store`);
      return;
    }
    const options = { subject: ownersSubject(subscription), partitions, leaseMs: services.ackWaitMs };
    const listener = {
      onGained: (partition: number, isClean: boolean) => this.onGained(partition, isClean),
      onSurplus: (surplus: readonly number[]) => this.onSurplus(surplus),
      onLost: () => this.onLost(),
    };
    this.ownership = new PartitionOwnership(services.owners, options, listener, services.clock);
    this.onConnect();
    this.tend();
  }

  private onConnect(): void {
    const { connection } = this.services;
    if (!this.ownership || this.ended || !connection.isConnected) return;
    this.agreement?.unsubscribe();
    this.agreement = connection.client.subscribe(ownersSubject(this.subscription), {
      callback: (error, message) => {
        if (!error && message.data.length > 0) this.ownership?.onWritten(message.json<OwnershipRecord>());
      },
    });
    // What was on its way when the connection broke comes again only when the server has noticed.
    for (const reader of this.readers.values()) reader.open(true);
    void this.ownership.renew();
  }

  /** Without one of these rights nothing is done here any more; whoever ensures the Subscription again is told so, until it has it. */
  private onForbidden(subject: string, message: string): void {
    const { subscription } = this;
    const isOurs = subject === ownersSubject(subscription) || subject.startsWith(`${ackSubject(subscription)}.`);
    if (isOurs) this.takeAway(message);
  }

  private onGained(partition: number, isClean: boolean): void {
    const { subscription, services } = this;
    if (this.ended) return;
    const consumer = { stream: streamName(subscription.channel), durable: durableName(subscription, partition) };
    const reader = new PartitionReader(
      consumer,
      { ...services, durableState: () => services.stateOf(subscription, partition) },
      {
        onReady: () => this.handOut(),
        onSettled: () => this.onSettled(),
        onGone: () => this.takeAway(`Consumer ${consumer.durable} of stream ${consumer.stream} is gone`),
        onFault: (subject, sequence, fault) => this.faults.tell(() => ({ subject, sequence, fault })),
      },
    );
    this.readers.set(partition, reader);
    this.shareRoom();
    reader.open(!isClean);
  }

  private onSurplus(surplus: readonly number[]): void {
    for (const partition of surplus) {
      const reader = this.readers.get(partition);
      if (!reader || reader.isLeaving || this.ended) continue;
      reader.isLeaving = true;
      const graceMs = this.services.ackWaitMs * GRACE_SHARE;
      const overdue = this.services.clock.now() + graceMs;
      this.leaveWhenSettled(partition, reader, overdue);
    }
  }

  /** Gives the partition to others when everything that was handed out of it is settled, or the grace is over. */
  private leaveWhenSettled(partition: number, reader: PartitionReader, overdueAtMs: number): void {
    const { clock } = this.services;
    if (this.readers.get(partition) !== reader || this.ended) return;
    const restMs = overdueAtMs - clock.now();
    if (reader.unsettled > 0 && restMs > 0) {
      clock.schedule(Math.min(restMs, 20), () => this.leaveWhenSettled(partition, reader, overdueAtMs));
      return;
    }
    this.readers.delete(partition);
    this.shareRoom();
    reader.abort('Another process takes the partition over');
    void reader.giveBack().then((isClean) => {
      // Where the lease has ended meanwhile, it may be ours anew.
      if (!this.readers.has(partition)) void this.ownership?.giveBack(partition, isClean ? FREE : LOST);
    });
  }

  private onLost(): void {
    for (const reader of this.readers.values()) {
      reader.abort('The ownership of the partition has expired');
      reader.close();
    }
    this.readers.clear();
    this.endWait?.();
  }

  /** Each partition has its share of what may be in flight ready. */
  private shareRoom(): void {
    const room = Math.ceil(this.options.maxInFlight / Math.max(1, this.readers.size));
    for (const reader of this.readers.values()) reader.setRoom(room);
  }

  private handOut(): void {
    let [looked, readers] = [0, [...this.readers.values()]];
    while (looked < readers.length && this.mayHandOut()) {
      const reader = readers[this.turn++ % readers.length] as PartitionReader;
      const message = reader.take();
      looked = message ? 0 : looked + 1;
      if (message?.event) this.deliver(reader, message, message.event);
      readers = readers.length === this.readers.size ? readers : [...this.readers.values()];
    }
  }

  private mayHandOut(): boolean {
    if (this.paused || this.ended || this.inFlight >= this.options.maxInFlight) return false;
    return this.ownership?.isValid ?? false;
  }

  private deliver(reader: PartitionReader, message: HeldMessage, event: NonNullable<HeldMessage['event']>): void {
    this.inFlight++;
    this.handler(event, reader.claimOf(message)).then(
      (settlement) => this.settle(reader, message, settlement),
      (error: unknown) => {
        this.services.logger.error('An event handler threw; its event is released', { error });
        this.settle(reader, message, 'release');
      },
    );
  }

  private settle(reader: PartitionReader, message: HeldMessage, settlement: Settlement): void {
    this.inFlight--;
    reader.settle(message, settlement);
    this.onSettled();
    this.handOut();
  }

  private onSettled(): void {
    if (this.endWait && this.unsettled === 0) this.endWait();
  }

  private get unsettled(): number {
    let count = 0;
    for (const reader of this.readers.values()) count += reader.unsettled;
    return count;
  }

  private tend(): void {
    if (this.ownership?.isValid) {
      for (const reader of this.readers.values()) reader.tend();
      // What came while the lease seemed to be over, before the answer to a renewal that saved it.
      this.handOut();
    }
    this.tending = this.services.clock.schedule(this.services.ackWaitMs / TENDS_IN_ACK_WAIT, () => this.tend());
  }

  private async finish(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    if (this.unsettled > 0 && !this.overdue) await new Promise<void>((resolve) => (this.endWait = resolve));
    for (const reader of this.readers.values()) reader.abort('The consumption was stopped');
    // One turn for handlers that settle as soon as their claim ends.
    await new Promise((resolve) => setImmediate(resolve));
    this.letGo();
    const unclean = new Set<number>();
    const givingBack = [...this.readers].map(async ([partition, reader]) => {
      if (!(await reader.giveBack())) unclean.add(partition);
    });
    this.readers.clear();
    await Promise.all(givingBack);
    await this.leave(unclean);
    this.ending.resolve(undefined);
  }

  private async leave(unclean: ReadonlySet<number>): Promise<void> {
    const { ownership } = this;
    const { connection, clock } = this.services;
    if (!ownership) return;
    if (connection.isConnected) {
      const leaving = ownership.leave((partition) => (unclean.has(partition) ? LOST : FREE));
      await Promise.race([leaving, sleep(clock, LEAVE_LIMIT_MS)]);
    }
    ownership.end();
  }

  private letGo(): void {
    this.stopListening();
    this.tending?.cancel();
    this.agreement?.unsubscribe();
  }

  private readonly onDeadline = (): void => {
    this.overdue = true;
    this.endWait?.();
  };
}
