import {
  RareWarning,
  within,
  type Clock,
  type ConsumeOptions,
  type Consumption,
  type EventHandler,
  type Logger,
  type Settlement,
  type Timer,
} from '@millrace/eventing-api';
import type { EachBatchPayload } from 'kafkajs';
import type { GroupPositions, Positions } from '../consumer-groups.js';
import { FairTurns } from './fair-turns.js';
import { fromKafkaMessage } from '../message-mapping.js';
import { OwnedPartitions } from './owned-partitions.js';
import type { PartitionWindow, WindowEntry } from './partition-window.js';
import { PositionCommits } from './position-commits.js';
import { SupervisedConsumer, type ConsumedGroup, type ConsumerParts, type GroupMember } from './supervised-consumer.js';

/** How often positions are committed and the lease is looked at. */
const TICK_MS = 500;
/** How long a rebalance waits for what is handed out here; all members wait for the slowest. */
const GATE_MS = 3000;
const HEARTBEAT_MS = 1000;
const LEAVE_MS = 800;

/** What a consumption works with. */
export interface ConsumptionParts extends ConsumerParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where the group stands. */
  readonly positions: () => Promise<GroupPositions>;
  /** Is called once, when the consumption has ended. */
  readonly onEnd: () => void;
}

/**
 * Hands out the events of one group, so many at a time, and commits how far they are settled without a gap. A partition whose events are not settled holds up nobody
 * else: kafkajs's callback only takes events in, and fetching pauses when a window is full.
 */
export class KafkaConsumption implements Consumption, GroupMember {
  readonly closed: Promise<void>;
  private readonly end = Promise.withResolvers<undefined>();
  private readonly consumer: SupervisedConsumer;
  private readonly owned: OwnedPartitions;
  private readonly turns = new FairTurns();
  private readonly commits: PositionCommits;
  private readonly invalid: RareWarning;
  /** Handler calls under way, those for partitions that were lost included. */
  private calls = 0;
  private paused = false;
  /** The group is being joined: nothing new may begin. */
  private frozen = true;
  /** The wait before a rebalance: one, however often the group has to be joined until that succeeds. */
  private gate: Promise<void> | undefined;
  private stopping: Promise<void> | undefined;
  private readonly deadline = new AbortController();
  private tickTimer: Timer | undefined;
  /** Called when nothing is handed out any more. */
  private readonly onIdle = new Set<() => void>();
  private ended = false;

  constructor(
    private readonly group: ConsumedGroup,
    private readonly handler: EventHandler,
    private options: ConsumeOptions,
    private readonly parts: ConsumptionParts,
  ) {
    this.closed = this.end.promise;
    // A loss that nobody waits for is no crash.
    this.closed.catch(() => {});
    this.invalid = new RareWarning(parts.logger, parts.clock, 'A record that is no CloudEvent was passed over');
    this.consumer = new SupervisedConsumer(group, this, parts);
    this.owned = new OwnedPartitions(group.topic, {
      ...{ clock: parts.clock, positions: parts.positions, topicId: parts.topicId, control: this.consumer },
      maxInFlight: () => this.options.maxInFlight,
      onReady: () => this.handOutAll(),
      onOtherTopic: (error) => void this.takeAway(error),
    });
    const send = (positions: Positions) => this.consumer.commit(positions, this.owned.topicId);
    this.commits = new PositionCommits(() => this.owned.windows, send, parts);
    this.consumer.start();
    this.scheduleTick();
  }

  /** Events with the handler, of the partitions that are ours. */
  get inFlight(): number {
    return this.owned.inFlight;
  }

  /** Where the partitions stand that are ours, ahead of what is committed. */
  get positions(): Positions {
    return this.owned.positions;
  }

  /** Timestamp of the oldest event that was taken in and is not settled, in milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    return this.owned.oldestMs;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.owned.returnSetAside();
    this.handOutAll();
  }

  update(options: ConsumeOptions): void {
    this.options = options;
    this.handOutAll();
  }

  stop(deadline: AbortSignal): Promise<void> {
    if (deadline.aborted) this.deadline.abort();
    else deadline.addEventListener('abort', () => this.deadline.abort(), { once: true });
    this.stopping ??= this.finish();
    return this.stopping;
  }

  get topic(): string {
    return this.group.topic;
  }

  /** Ends it because what it consumes is gone. Resolves when the group has been left. */
  async takeAway(error: Error): Promise<void> {
    if (this.ended) return;
    this.release(error.message);
    this.end.reject(error);
    this.conclude();
    await within(this.parts.clock, LEAVE_MS, this.consumer.stop()).catch(() => {});
  }

  onBatch(payload: EachBatchPayload): void {
    if (this.ended || !this.owned.take(payload.batch)) return;
    payload.resolveOffset(payload.batch.lastOffset());
    this.handOutAll();
  }

  async beforeJoin(): Promise<void> {
    this.frozen = true;
    await (this.gate ??= this.untilIdle(GATE_MS));
    await this.commits.commit().catch(() => {});
  }

  onJoin(partitions: readonly number[], isSameMember: boolean): void {
    if (this.ended) return;
    this.gate = undefined;
    this.owned.join(partitions, isSameMember);
    this.frozen = false;
    this.handOutAll();
  }

  onDown(): void {
    this.frozen = true;
  }

  onExpired(): void {
    this.release('The group may have given the partition to another member');
  }

  onGone(error: Error): void {
    void this.takeAway(error);
  }

  private get mayHandOut(): boolean {
    return !this.paused && !this.frozen && !this.stopping && !this.ended && this.consumer.leaseHolds;
  }

  private handOutAll(): void {
    if (!this.mayHandOut) return;
    for (let free = this.options.maxInFlight - this.calls; free > 0; free = this.options.maxInFlight - this.calls) {
      const window = this.turns.next(this.owned.windows, free);
      const entry = window?.take();
      if (!window || !entry) return;
      this.handOut(window, entry);
    }
  }

  private handOut(window: PartitionWindow, entry: WindowEntry): void {
    const reading = entry.message && fromKafkaMessage(entry.message);
    if (reading?.outcome !== 'event') {
      this.tellInvalid(window, entry, reading?.fault.message ?? '');
      this.owned.settle(window, entry, 'dropped');
      return;
    }
    this.calls++;
    this.handler(reading.event, window.claim).then(
      (settlement) => this.settle(window, entry, settlement),
      (error: unknown) => {
        this.parts.logger.error('An event handler threw; its event is released', { error });
        this.settle(window, entry, 'release');
      },
    );
  }

  private settle(window: PartitionWindow, entry: WindowEntry, settlement: Settlement): void {
    this.calls--;
    this.owned.settle(window, entry, settlement);
    if (this.onIdle.size > 0 && this.inFlight === 0) for (const done of this.onIdle) done();
    this.handOutAll();
  }

  private tellInvalid({ partition }: PartitionWindow, { offset }: WindowEntry, reason: string): void {
    const { topic, groupId } = this.group;
    this.invalid.tell(() => ({ topic, partition, offset, group: groupId, reason }));
  }

  private scheduleTick(): void {
    this.tickTimer = this.parts.clock.schedule(TICK_MS, () => {
      if (this.ended) return;
      this.consumer.check();
      void this.owned.lookAtTopic().catch(() => {});
      void this.commits.commit().catch(() => {});
      // What the lease, or a heartbeat that was late, has held up.
      this.handOutAll();
      this.scheduleTick();
    });
  }

  private async finish(): Promise<void> {
    if (this.ended) return;
    await this.untilIdle(undefined);
    await this.commits.commitLast(this.deadline.signal);
    this.release('The consumption was stopped');
    // One turn for handlers that settle as soon as their claim ends.
    await new Promise((resolve) => setImmediate(resolve));
    await within(this.parts.clock, LEAVE_MS, this.consumer.stop()).catch(() => {});
    this.end.resolve(undefined);
    this.conclude();
  }

  /** Until nothing is handed out, the deadline of a stop has passed, or so much time; proves meanwhile that this process lives. */
  private async untilIdle(limitMs: number | undefined): Promise<void> {
    if (this.inFlight === 0 || this.deadline.signal.aborted) return;
    const { clock } = this.parts;
    const over = Promise.withResolvers<undefined>();
    const done = () => over.resolve(undefined);
    this.onIdle.add(done);
    this.deadline.signal.addEventListener('abort', done, { once: true });
    const timer = limitMs === undefined ? undefined : clock.schedule(limitMs, done);
    const beat = () => {
      void this.consumer.heartbeat();
      heartbeat = clock.schedule(HEARTBEAT_MS, beat);
    };
    let heartbeat = clock.schedule(HEARTBEAT_MS, beat);
    await over.promise;
    this.onIdle.delete(done);
    this.deadline.signal.removeEventListener('abort', done);
    timer?.cancel();
    heartbeat.cancel();
  }

  private release(reason: string): void {
    this.owned.lose(reason);
    for (const done of this.onIdle) done();
  }

  private conclude(): void {
    if (this.ended) return;
    this.ended = true;
    this.tickTimer?.cancel();
    this.parts.onEnd();
  }
}
