/** A process that takes part. */
export interface Member {
  /** Counted up at each renewal, to show that it lives. */
  readonly beat: number;
  /** Without a renewal for so long it counts as dead: its own setting, which another process need not have. */
  readonly leaseMs: number;
}

/**
 * Who consumes which partition of a Subscription, as its processes have agreed: one small document that is only ever replaced by one who has read it (compare and set).
 */
export interface OwnershipRecord {
  /** Processes that take part. */
  readonly members: Readonly<Record<string, Member>>;
  /** Of each partition its owner; `FREE` = given back in good order, `LOST` = its owner died, and may have events in delivery that have not come back yet. */
  readonly owners: readonly string[];
}

export const FREE = '';
export const LOST = '!';

/** In what order a partition is given back. */
export type Leaving = typeof FREE | typeof LOST;

/** What one process wants of the record. */
export interface OwnershipWish {
  readonly me: string;
  readonly leaseMs: number;
  readonly partitions: number;
  /** Members that no longer count. */
  readonly dead: ReadonlySet<string>;
  /** Partitions that I give back. */
  readonly leaving: ReadonlyMap<number, Leaving>;
  /** Whether I want partitions at all; a member that does not leaves the record. */
  readonly stays: boolean;
}

/** The record after my wish: I show that I live, the dead are out, what I give back is free, and I take what I am short of. Pure. */
export function nextRecord(record: OwnershipRecord | undefined, wish: OwnershipWish): OwnershipRecord {
  const { me, leaseMs, partitions, dead, leaving, stays } = wish;
  const members: Record<string, Member> = Object.fromEntries(
    Object.entries(record?.members ?? {}).filter(([member]) => member !== me && !dead.has(member)),
  );
  if (stays) members[me] = { beat: (record?.members[me]?.beat ?? 0) + 1, leaseMs };
  const owners = Array.from({ length: partitions }, (_, partition) => {
    const owner = record?.owners[partition] ?? FREE;
    if (owner === me) return leaving.get(partition) ?? (stays ? me : LOST);
    return owner === FREE || Object.hasOwn(members, owner) ? owner : LOST;
  });
  if (!stays) return { members, owners };
  let missing = fairShare(members, me, partitions) - partitionsOf(owners, me).length;
  for (let partition = 0; partition < partitions && missing > 0; partition++) {
    const isOpen = owners[partition] === FREE || owners[partition] === LOST;
    if (!isOpen || leaving.has(partition)) continue;
    owners[partition] = me;
    missing--;
  }
  return { members, owners };
}

/** The partitions that a member has too many of, for others to take. */
export function surplus({ members, owners }: OwnershipRecord, me: string): number[] {
  return partitionsOf(owners, me).slice(fairShare(members, me, owners.length));
}

export function partitionsOf(owners: readonly string[], member: string): number[] {
  return owners.flatMap((owner, partition) => (owner === member ? [partition] : []));
}

/** How many partitions a member should have: shares differ by one at most. */
function fairShare(members: OwnershipRecord['members'], me: string, partitions: number): number {
  const names = Object.keys(members).sort();
  const rest = partitions % names.length;
  return Math.floor(partitions / names.length) + (names.indexOf(me) < rest ? 1 : 0);
}
