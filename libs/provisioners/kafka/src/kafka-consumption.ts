import {
  sleep,
  type Clock,
  type ConsumeOptions,
  type Consumption,
  type EventHandler,
  type Logger,
  type Settlement,
  type Timer,
} from '@millrace/eventing-api';
import type { EachBatchPayload } from 'kafkajs';
import type { GroupPositions, Positions } from './consumer-groups.js';
import { FairTurns } from './fair-turns.js';
import { RareLog } from './kafka-log.js';
import { fromKafkaMessage } from './message-mapping.js';
import { PartitionWindow, type WindowEntry } from './partition-window.js';
import { roomOfEach, type WindowRoom } from './window-room.js';
import { PositionCommits } from './position-commits.js';
import { SupervisedConsumer, type ConsumedGroup, type ConsumerParts, type GroupMember } from './supervised-consumer.js';
import type { TopicId } from './topic-id.js';
import { within } from './within.js';

/** How often positions are committed and the lease is looked at. */
const TICK_MS = 500;
/** How long a rebalance waits for what is handed out here; all members wait for the slowest. */
const GATE_MS = 3000;
const HEARTBEAT_MS = 1000;
const LEAVE_MS = 800;
/** How often the topic is looked at: nothing else may tell that it was deleted and made again. */
const LOOK_AT_TOPIC_MS = 5000;
const TRY_AGAIN_MS = 500;

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
  private readonly rare: RareLog;
  private windows: PartitionWindow[] = [];
  private readonly turns = new FairTurns();
  private readonly commits: PositionCommits;
  /** The topic that all windows are of; empty until the first of them is verified. */
  private topicId: TopicId = '';
  private lookedAtTopicMs: number;
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
    this.rare = new RareLog(parts.clock);
    this.consumer = new SupervisedConsumer(group, this, parts);
    this.lookedAtTopicMs = parts.clock.now();
    const send = (positions: Positions) => this.consumer.commit(positions, this.topicId);
    this.commits = new PositionCommits(() => this.windows, send, parts);
    this.consumer.start();
    this.scheduleTick();
  }

  /** Events with the handler, of the partitions that are ours. */
  get inFlight(): number {
    return this.windows.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Where the partitions stand that are ours, ahead of what is committed. */
  positions(): Positions {
    const positions = new Map<number, number>();
    for (const { partition, position } of this.windows) if (position !== undefined) positions.set(partition, position);
    return positions;
  }

  /** Timestamp of the oldest event that was taken in and is not settled, in milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    const times = this.windows.flatMap(({ first }) => (first?.message ? [Number(first.message.timestamp)] : []));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    for (const window of this.windows) window.returnSetAside();
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
    const { batch } = payload;
    const owned = this.windows.find(({ partition }) => partition === batch.partition);
    if (!owned || owned.unverified || this.ended) return;
    const window = owned.next > Number(batch.highWatermark) ? this.renew(owned) : owned;
    window.add(batch.messages, Number(batch.lastOffset()));
    payload.resolveOffset(batch.lastOffset());
    if (window.isOverfull(this.room)) this.pauseFetching(window);
    this.handOutAll();
  }

  /** The partition has lost its end, as after an unclean election, and kafkajs has begun at its beginning: what this window knows of its offsets holds no more. */
  private renew(window: PartitionWindow): PartitionWindow {
    const renewed = new PartitionWindow(window.partition);
    this.windows[this.windows.indexOf(window)] = renewed;
    window.lose('The partition has lost events');
    return renewed;
  }

  async beforeJoin(): Promise<void> {
    this.frozen = true;
    await (this.gate ??= this.untilIdle(GATE_MS));
    await this.commits.commit().catch(() => {});
  }

  onJoin(partitions: readonly number[], isSameMember: boolean): void {
    if (this.ended) return;
    this.gate = undefined;
    const former = new Map(this.windows.map((window) => [window.partition, window]));
    this.windows = partitions.map((partition) => {
      const kept = former.get(partition);
      former.delete(partition);
      return this.windowAfterJoin(partition, kept, isSameMember);
    });
    for (const lost of former.values()) lost.lose('The group has given the partition to another member');
    this.frozen = false;
    if (this.windows.some(({ unverified }) => unverified)) void this.verify(this.windows);
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

  private windowAfterJoin(
    partition: number,
    kept: PartitionWindow | undefined,
    isSameMember: boolean,
  ): PartitionWindow {
    if (kept && isSameMember && !kept.unverified && kept.next > 0) {
      this.consumer.seek(partition, kept.next);
      if (kept.full) this.consumer.pause(partition);
      else this.consumer.resume(partition);
      return kept;
    }
    // The committed position tells where to begin, and whether somebody else has gone on with it meanwhile; kafkajs does not ask of which topic it is.
    const window = kept ?? new PartitionWindow(partition);
    window.unverified = true;
    this.consumer.pause(partition);
    return window;
  }

  /** Keeps the windows that nobody else has gone on with, and begins those that are new. */
  private async verify(joined: readonly PartitionWindow[]): Promise<void> {
    for (;;) {
      try {
        const { topicId, positions } = await this.parts.positions();
        if (this.windows !== joined || this.ended || !this.isSameTopic(topicId)) return;
        this.windows = joined.map((window) => this.verified(window, positions.get(window.partition) ?? 0));
        this.handOutAll();
        return;
      } catch {
        await sleep(this.parts.clock, TRY_AGAIN_MS);
        if (this.windows !== joined || this.ended) return;
      }
    }
  }

  private verified(window: PartitionWindow, position: number): PartitionWindow {
    if (!window.unverified) return window;
    const { partition, next } = window;
    window.unverified = false;
    if (next === 0 || position <= (window.first?.offset ?? next)) {
      this.consumer.seek(partition, next === 0 ? position : next);
      if (!window.full) this.consumer.resume(partition);
      return window;
    }
    window.lose('Another member has gone on with the partition');
    this.consumer.seek(partition, position);
    this.consumer.resume(partition);
    return new PartitionWindow(partition);
  }

  /** Ends the consumption of one that is another: what it knows is of no topic any more. */
  private isSameTopic(topicId: TopicId): boolean {
    if (topicId === '' || this.topicId === '') {
      this.topicId ||= topicId;
      return true;
    }
    if (topicId === this.topicId) return true;
    void this.takeAway(new Error(`Topic ${this.topic} was deleted and made again`));
    return false;
  }

  private async lookAtTopic(): Promise<void> {
    const nowMs = this.parts.clock.now();
    if (this.topicId === '' || nowMs - this.lookedAtTopicMs < LOOK_AT_TOPIC_MS) return;
    this.lookedAtTopicMs = nowMs;
    const topicId = await this.parts.topicId(this.topic);
    if (topicId !== undefined && !this.ended) this.isSameTopic(topicId);
  }

  private get mayHandOut(): boolean {
    return !this.paused && !this.frozen && !this.stopping && !this.ended && this.consumer.leaseHolds;
  }

  private handOutAll(): void {
    if (!this.mayHandOut) return;
    for (let free = this.options.maxInFlight - this.calls; free > 0; free = this.options.maxInFlight - this.calls) {
      const window = this.turns.next(this.windows, free);
      const entry = window?.take();
      if (!window || !entry) return;
      this.handOut(window, entry);
    }
  }

  private handOut(window: PartitionWindow, entry: WindowEntry): void {
    const reading = entry.message && fromKafkaMessage(entry.message);
    if (reading?.outcome !== 'event') {
      this.tellInvalid(window, entry, reading?.fault.message ?? '');
      this.settleIn(window, entry, 'dropped');
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
    this.settleIn(window, entry, settlement);
    if (this.onIdle.size > 0 && this.inFlight === 0) for (const done of this.onIdle) done();
    this.handOutAll();
  }

  private settleIn(window: PartitionWindow, entry: WindowEntry, settlement: Settlement): void {
    if (settlement === 'release') window.setAside(entry);
    else window.settle(entry);
    if (window.full && !window.lost && window.hasRoom(this.room)) this.resumeFetching(window);
  }

  /** What one window may hold. */
  private get room(): WindowRoom {
    return roomOfEach(this.windows.length, this.options.maxInFlight);
  }

  private pauseFetching(window: PartitionWindow): void {
    window.full = true;
    this.consumer.pause(window.partition);
  }

  private resumeFetching(window: PartitionWindow): void {
    window.full = false;
    if (!window.unverified) this.consumer.resume(window.partition);
  }

  private tellInvalid({ partition }: PartitionWindow, { offset }: WindowEntry, reason: string): void {
    const { topic, groupId } = this.group;
    if (!this.rare.isDue(reason)) return;
    const fields = { topic, partition, offset, group: groupId, reason };
    this.parts.logger.warn('A record that is no CloudEvent was passed over', fields);
  }

  private scheduleTick(): void {
    this.tickTimer = this.parts.clock.schedule(TICK_MS, () => {
      if (this.ended) return;
      this.consumer.check();
      void this.lookAtTopic().catch(() => {});
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
    const { windows } = this;
    this.windows = [];
    for (const window of windows) window.lose(reason);
    for (const done of this.onIdle) done();
  }

  private conclude(): void {
    if (this.ended) return;
    this.ended = true;
    this.tickTimer?.cancel();
    this.parts.onEnd();
  }
}
