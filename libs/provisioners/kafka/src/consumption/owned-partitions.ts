import { sleep, type Clock, type Settlement } from '@millrace/eventing-api';
import type { Batch } from 'kafkajs';
import type { GroupPositions, Positions } from '../consumer-groups.js';
import { PartitionWindow, type WindowEntry } from './partition-window.js';
import type { TopicId } from '../topic-id.js';
import { roomOfEach, type WindowRoom } from './window-room.js';

/** What a consumer is told to do with a partition. */
export interface FetchControl {
  seek(partition: number, offset: number): void;
  pause(partition: number): void;
  resume(partition: number): void;
}

/** What partitions are owned with. */
export interface OwnedPartitionsParts {
  readonly clock: Clock;
  readonly control: FetchControl;
  /** Where the group stands, and of which topic. */
  readonly positions: () => Promise<GroupPositions>;
  /** Undefined where there is no such topic; rejects where nobody can tell now. */
  readonly topicId: (topic: string) => Promise<TopicId | undefined>;
  /** How many events may be with the handler. */
  readonly maxInFlight: () => number;
  /** Is called when there may be something to hand out. */
  readonly onReady: () => void;
  /** Is called when the topic is another of the same name: what is known of it holds no more. */
  readonly onOtherTopic: (error: Error) => void;
}

const TRY_AGAIN_MS = 500;
/** How often the topic is looked at: nothing else may tell that it was deleted and made again. */
const LOOK_AT_TOPIC_MS = 5000;

/**
 * The partitions that a member of a group owns, each with what was taken in of it. After a join it keeps those that nobody else has gone on with meanwhile, and begins
 * the others where the group stands; a partition whose window is full is fetched no more until it has room.
 */
export class OwnedPartitions {
  /** The topic that all windows are of; empty until the first of them is verified. */
  topicId: TopicId = '';
  /** Another list after each join, and after what it gave us was verified. */
  private owned: PartitionWindow[] = [];
  private lookedAtTopicMs: number;

  constructor(
    private readonly topic: string,
    private readonly parts: OwnedPartitionsParts,
  ) {
    this.lookedAtTopicMs = parts.clock.now();
  }

  get windows(): readonly PartitionWindow[] {
    return this.owned;
  }

  /** Events with the handler. */
  get inFlight(): number {
    return this.windows.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** Where the partitions stand, ahead of what is committed. */
  get positions(): Positions {
    const positions = new Map<number, number>();
    for (const { partition, position } of this.windows) if (position !== undefined) positions.set(partition, position);
    return positions;
  }

  /** Timestamp of the oldest event that was taken in and is not settled, in milliseconds since the epoch. */
  get oldestMs(): number | undefined {
    const times = this.windows.flatMap(({ first }) => (first?.message ? [Number(first.message.timestamp)] : []));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Takes events in. False where the partition is not ours, or not yet. */
  take(batch: Batch): boolean {
    const owned = this.windows.find(({ partition }) => partition === batch.partition);
    if (!owned || owned.unverified) return false;
    const window = owned.next > Number(batch.highWatermark) ? this.renew(owned) : owned;
    window.add(batch.messages, Number(batch.lastOffset()));
    if (window.isOverfull(this.room)) {
      window.full = true;
      this.parts.control.pause(window.partition);
    }
    return true;
  }

  /** What the handler made of an event. */
  settle(window: PartitionWindow, entry: WindowEntry, settlement: Settlement): void {
    if (settlement === 'release') window.setAside(entry);
    else window.settle(entry);
    if (!window.full || window.lost || !window.hasRoom(this.room)) return;
    window.full = false;
    if (!window.unverified) this.parts.control.resume(window.partition);
  }

  /** What was set aside waits again. */
  returnSetAside(): void {
    for (const window of this.windows) window.returnSetAside();
  }

  /**
   * The group has given out its partitions anew.
   *
   * @param isSameMember whether nobody else can have had those that were ours before
   */
  join(partitions: readonly number[], isSameMember: boolean): void {
    const former = new Map(this.windows.map((window) => [window.partition, window]));
    const joined = partitions.map((partition) => {
      const kept = former.get(partition);
      former.delete(partition);
      return this.windowAfterJoin(partition, kept, isSameMember);
    });
    this.owned = joined;
    for (const lost of former.values()) lost.lose('The group has given the partition to another member');
    if (joined.some(({ unverified }) => unverified)) void this.verify(joined);
  }

  /** Others may have them now. */
  lose(reason: string): void {
    const { owned } = this;
    this.owned = [];
    for (const window of owned) window.lose(reason);
  }

  /** Looks now and then whether the topic is still the one that it was. Rejects where nobody can tell. */
  async lookAtTopic(): Promise<void> {
    const nowMs = this.parts.clock.now();
    if (this.topicId === '' || nowMs - this.lookedAtTopicMs < LOOK_AT_TOPIC_MS) return;
    this.lookedAtTopicMs = nowMs;
    const topicId = await this.parts.topicId(this.topic);
    if (topicId !== undefined) this.isSameTopic(topicId);
  }

  /** What one window may hold. */
  private get room(): WindowRoom {
    return roomOfEach(this.windows.length, this.parts.maxInFlight());
  }

  /** The partition has lost its end, as after an unclean election, and kafkajs has begun at its beginning: what this window knows of its offsets holds no more. */
  private renew(window: PartitionWindow): PartitionWindow {
    const renewed = new PartitionWindow(window.partition);
    // In its place: what a join gave us may be under verification.
    this.owned[this.owned.indexOf(window)] = renewed;
    window.lose('The partition has lost events');
    return renewed;
  }

  private windowAfterJoin(
    partition: number,
    kept: PartitionWindow | undefined,
    isSameMember: boolean,
  ): PartitionWindow {
    const { control } = this.parts;
    if (kept && isSameMember && !kept.unverified && kept.next > 0) {
      control.seek(partition, kept.next);
      if (kept.full) control.pause(partition);
      else control.resume(partition);
      return kept;
    }
    // The committed position tells where to begin, and whether somebody else has gone on with it meanwhile; kafkajs does not ask of which topic it is.
    const window = kept ?? new PartitionWindow(partition);
    window.unverified = true;
    control.pause(partition);
    return window;
  }

  /** Keeps the windows that nobody else has gone on with, and begins those that are new. */
  private async verify(joined: readonly PartitionWindow[]): Promise<void> {
    for (;;) {
      try {
        const { topicId, positions } = await this.parts.positions();
        if (this.windows !== joined || !this.isSameTopic(topicId)) return;
        this.owned = joined.map((window) => this.verified(window, positions.get(window.partition) ?? 0));
        this.parts.onReady();
        return;
      } catch {
        await sleep(this.parts.clock, TRY_AGAIN_MS);
        if (this.windows !== joined) return;
      }
    }
  }

  private verified(window: PartitionWindow, position: number): PartitionWindow {
    if (!window.unverified) return window;
    const { control } = this.parts;
    const { partition, next } = window;
    window.unverified = false;
    if (next === 0 || position <= (window.first?.offset ?? next)) {
      control.seek(partition, next === 0 ? position : next);
      if (!window.full) control.resume(partition);
      return window;
    }
    window.lose('Another member has gone on with the partition');
    control.seek(partition, position);
    control.resume(partition);
    return new PartitionWindow(partition);
  }

  private isSameTopic(topicId: TopicId): boolean {
    if (topicId === '' || this.topicId === '') {
      this.topicId ||= topicId;
      return true;
    }
    if (topicId === this.topicId) return true;
    this.parts.onOtherTopic(new Error(`Topic ${this.topic} was deleted and made again`));
    return false;
  }
}
