import { setMaxListeners } from 'node:events';
import type { Claim } from '@millrace/eventing-api';
import type { KafkaMessage } from 'kafkajs';
import type { WindowRoom } from './window-room.js';

/** Where an event of a window stands. `set aside` = released by the handler, until the consumption is resumed or ends. */
type EntryState = 'waiting' | 'handed out' | 'set aside' | 'done';

/** One event of a partition. */
export interface WindowEntry {
  readonly offset: number;
  readonly bytes: number;
  /** Let go of when the event is done. */
  message: KafkaMessage | undefined;
  state: EntryState;
}

/** Below this part of the window the partition is fetched again. */
const RESUME_AT = 0.5;
/** What the objects around an event take, beside its bytes. */
const OVERHEAD_BYTES = 200;
/** Settled entries at the front that are cut off in one go. */
const CUT_AT = 1024;

/**
 * What is known here of one partition that this process owns: the events from the first unsettled one on, in the order of the partition. It ends with the ownership.
 */
export class PartitionWindow {
  /** Offset of the next event to take in. */
  next = 0;
  /** Whether fetching is paused because the window is full. */
  full = false;
  /** Whether it has to be found out if others have gone on with it. */
  unverified = false;
  inFlight = 0;
  readonly claim: Claim;
  private readonly ownership = new AbortController();
  private entries: WindowEntry[] = [];
  /** Index of the first entry that is not done. */
  private head = 0;
  /** Index before which no entry waits. */
  private cursor = 0;
  private bytes = 0;
  private committed = 0;

  constructor(readonly partition: number) {
    setMaxListeners(0, this.ownership.signal);
    this.claim = { signal: this.ownership.signal };
  }

  get lost(): boolean {
    return this.ownership.signal.aborted;
  }

  /** First event that is not settled. */
  get first(): WindowEntry | undefined {
    return this.entries[this.head];
  }

  /** Where the next owner begins; undefined before anything was taken in. */
  get position(): number | undefined {
    return this.next === 0 ? undefined : (this.first?.offset ?? this.next);
  }

  get hasWaiting(): boolean {
    this.skip();
    return this.cursor < this.entries.length;
  }

  /** Takes in what it does not have yet. */
  add(messages: readonly KafkaMessage[], lastOffset: number): void {
    if (this.next === 0) this.committed = Number(messages[0]?.offset ?? 0);
    for (const message of messages) {
      const offset = Number(message.offset);
      if (offset < this.next) continue;
      const bytes = bytesOf(message);
      this.entries.push({ offset, bytes, message, state: 'waiting' });
      this.bytes += bytes;
    }
    this.next = Math.max(this.next, lastOffset + 1);
  }

  /** The next event to hand out. */
  take(): WindowEntry | undefined {
    this.skip();
    const entry = this.entries[this.cursor];
    if (!entry) return undefined;
    entry.state = 'handed out';
    this.inFlight++;
    return entry;
  }

  /** An event that was handed out is done with. */
  settle(entry: WindowEntry): void {
    this.inFlight--;
    entry.state = 'done';
    entry.message = undefined;
    this.advance();
  }

  setAside(entry: WindowEntry): void {
    this.inFlight--;
    entry.state = 'set aside';
  }

  /** What was set aside waits again. */
  returnSetAside(): void {
    for (let index = this.head; index < this.entries.length; index++) {
      const entry = this.entries[index] as WindowEntry;
      if (entry.state === 'set aside') entry.state = 'waiting';
    }
    this.cursor = this.head;
  }

  isOverfull({ events, bytes }: WindowRoom): boolean {
    return this.size >= events || this.bytes >= bytes;
  }

  hasRoom({ events, bytes }: WindowRoom): boolean {
    return this.size < events * RESUME_AT && this.bytes < bytes * RESUME_AT;
  }

  /** The position, if it has moved since it was last committed. */
  get uncommitted(): number | undefined {
    const { position } = this;
    return position !== undefined && position > this.committed ? position : undefined;
  }

  noteCommitted(position: number): void {
    this.committed = Math.max(this.committed, position);
  }

  /** Another process may have the partition now: what it holds is nobody's business here. */
  lose(reason: string): void {
    this.ownership.abort(new Error(reason));
    this.entries = [];
    this.head = 0;
    this.cursor = 0;
    this.bytes = 0;
  }

  private get size(): number {
    return this.entries.length - this.head;
  }

  private skip(): void {
    while (this.cursor < this.entries.length && this.entries[this.cursor]?.state !== 'waiting') this.cursor++;
  }

  private advance(): void {
    while (this.entries[this.head]?.state === 'done') {
      this.bytes -= (this.entries[this.head] as WindowEntry).bytes;
      this.head++;
    }
    if (this.head < CUT_AT || this.head * 2 < this.entries.length) return;
    this.entries.splice(0, this.head);
    this.cursor = Math.max(0, this.cursor - this.head);
    this.head = 0;
  }
}

function bytesOf({ value, key }: KafkaMessage): number {
  return OVERHEAD_BYTES + (value?.length ?? 0) + (key?.length ?? 0);
}
