import type { Clock, Timer } from '@millrace/eventing-api';
import { nuid } from 'nats';
import { isNoResponders, JETSTREAM, jetStreamCode } from '../store-error.js';
import {
  FREE,
  nextRecord,
  partitionsOf,
  surplus,
  type Leaving,
  type Member,
  type OwnershipRecord,
} from './ownership-record.js';
import type { OwnershipStore, StoredRecord } from './ownership-store.js';

/** Told of what we own. */
export interface OwnershipListener {
  /** `isClean` = whoever had it before has given everything back. */
  onGained(partition: number, isClean: boolean): void;
  /** Others are short of these: they should be given back soon. */
  onSurplus(partitions: readonly number[]): void;
  /** Everything is lost: another process may own it now. */
  onLost(): void;
}

export interface OwnershipOptions {
  /** Of the record. */
  readonly subject: string;
  readonly partitions: number;
  /** For how long we own what we own without being heard of. */
  readonly leaseMs: number;
}

/** A member as it was when its last renewal was seen. */
interface Sighting extends Member {
  readonly atMs: number;
}

/** Renewals in a lease: so many may fail in a row. */
const BEATS_IN_LEASE = 4;
/** Others write too. */
const WRITE_ATTEMPTS = 8;

/**
 * Our part in sharing the partitions of one Subscription. Ownership is a lease: it holds for `leaseMs` from the moment at which our last renewal was sent, by our clock; others
 * take over when they have not seen a renewal for as long, by theirs, which is always later. A process that was stopped or cut off finds its lease expired before it hands out
 * anything, and goes on under a new name.
 */
export class PartitionOwnership {
  private me = nuid.next();
  private readonly former = new Set<string>();
  private readonly owned = new Set<number>();
  private readonly leaving = new Map<number, Leaving>();
  private readonly sightings = new Map<string, Sighting>();
  private known: StoredRecord | undefined;
  private validUntilMs = 0;
  private stays = true;
  private ended = false;
  private renewing: Promise<void> | undefined;
  private isRenewalDue = false;
  private beat: Timer | undefined;
  private expiry: Timer | undefined;

  constructor(
    private readonly store: OwnershipStore,
    private readonly options: OwnershipOptions,
    private readonly listener: OwnershipListener,
    private readonly clock: Clock,
  ) {}

  /** Whether what we own is still ours. */
  get isValid(): boolean {
    return this.clock.now() < this.validUntilMs;
  }

  /** Renews now, or once more after the renewal that is under way. Never rejects. */
  renew(): Promise<void> {
    if (this.ended) return Promise.resolve();
    this.isRenewalDue = true;
    this.renewing ??= this.renewWhileDue().finally(() => (this.renewing = undefined));
    return this.renewing;
  }

  /** Somebody has written this record, or tried to. */
  onWritten(record: OwnershipRecord): void {
    if (!sameAgreement(record, this.known?.record)) void this.renew();
  }

  /** Gives one partition back. */
  async giveBack(partition: number, how: Leaving): Promise<void> {
    this.owned.delete(partition);
    this.leaving.set(partition, how);
    await this.renew();
  }

  /** Gives everything back and is heard of no more. Bounded by the time that the store may take to answer; where it does not, others wait for the lease to expire. */
  async leave(how: (partition: number) => Leaving): Promise<void> {
    for (const partition of this.owned) this.leaving.set(partition, how(partition));
    this.stays = false;
    await this.renew();
    this.end();
  }

  /** Is heard of no more. */
  end(): void {
    this.ended = true;
    this.beat?.cancel();
    this.expiry?.cancel();
    this.validUntilMs = 0;
  }

  private async renewWhileDue(): Promise<void> {
    while (this.isRenewalDue && !this.ended) {
      this.isRenewalDue = false;
      this.beat?.cancel();
      try {
        await this.renewOnce();
      } catch (error) {
        this.known = undefined;
        if (!this.isValid) this.store.tellFault(this.options.subject, error);
        if (isNoResponders(error) || jetStreamCode(error) === JETSTREAM.streamNotFound) {
          await this.store.ensure().catch(() => {});
        }
      }
    }
    if (!this.ended) {
      this.beat = this.clock.schedule(this.options.leaseMs / BEATS_IN_LEASE, () => void this.renew());
    }
  }

  private async renewOnce(): Promise<void> {
    const { subject } = this.options;
    for (let attempt = 0; attempt < WRITE_ATTEMPTS && !this.ended; attempt++) {
      const known = await this.current();
      const sentAtMs = this.clock.now();
      const record = nextRecord(known.record, { ...this.options, ...this.wish(sentAtMs) });
      const revision = await this.store.write(subject, record, known.revision);
      if (this.ended) return;
      this.known = revision === undefined ? undefined : { revision, record };
      if (revision === undefined) continue;
      this.extend(sentAtMs);
      this.apply(known.record, record);
      return;
    }
  }

  /** The record as it is: read, unless nobody else can have written it. */
  private async current(): Promise<StoredRecord> {
    if (this.known && Object.keys(this.known.record?.members ?? {}).every((member) => member === this.me)) {
      return this.known;
    }
    const known = await this.store.read(this.options.subject);
    this.look(known.record);
    const isTaken = [...this.owned].some((partition) => known.record?.owners[partition] !== this.me);
    if (isTaken) this.expire();
    return known;
  }

  private wish(nowMs: number) {
    const { me, leaving, stays } = this;
    return { me, leaving, stays, dead: new Set([...this.former, ...this.silent(nowMs)]) };
  }

  /** Notes who has been heard of since. */
  private look(record: OwnershipRecord | undefined): void {
    const atMs = this.clock.now();
    const members = Object.entries(record?.members ?? {});
    for (const [name, member] of members) {
      if (this.sightings.get(name)?.beat !== member.beat) this.sightings.set(name, { ...member, atMs });
    }
    for (const names of [this.sightings, this.former]) {
      for (const name of [...names.keys()]) if (record?.members[name] === undefined) names.delete(name);
    }
  }

  private *silent(nowMs: number): Iterable<string> {
    for (const [member, { atMs, leaseMs }] of this.sightings) {
      if (member !== this.me && nowMs - atMs > leaseMs) yield member;
    }
  }

  private extend(sentAtMs: number): void {
    this.validUntilMs = sentAtMs + this.options.leaseMs;
    this.expiry?.cancel();
    this.expiry = this.clock.schedule(this.validUntilMs - this.clock.now(), () => this.expire());
  }

  private apply(before: OwnershipRecord | undefined, { owners, members }: OwnershipRecord): void {
    for (const partition of partitionsOf(owners, this.me)) {
      if (this.owned.has(partition) || this.leaving.has(partition) || this.ended) continue;
      this.owned.add(partition);
      this.listener.onGained(partition, (before?.owners[partition] ?? FREE) === FREE);
    }
    for (const partition of [...this.leaving.keys()]) {
      if (owners[partition] !== this.me) this.leaving.delete(partition);
    }
    if (!this.stays) return;
    const tooMany = surplus({ owners, members }, this.me);
    if (tooMany.length > 0) this.listener.onSurplus(tooMany);
  }

  /** Nothing is ours any more, and what we did under this name does not count. */
  private expire(): void {
    if (this.ended) return;
    this.validUntilMs = 0;
    this.former.add(this.me);
    this.me = nuid.next();
    this.owned.clear();
    this.leaving.clear();
    this.known = undefined;
    this.listener.onLost();
    if (this.stays) void this.renew();
  }
}

/** Whether both say the same of who takes part and who owns what. */
function sameAgreement(a: OwnershipRecord, b: OwnershipRecord | undefined): boolean {
  if (!b || a.owners.join() !== b.owners.join()) return false;
  const members = Object.keys(a.members);
  return members.length === Object.keys(b.members).length && members.every((member) => member in b.members);
}
