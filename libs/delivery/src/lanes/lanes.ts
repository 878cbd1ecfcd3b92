/** Chains that keys are spread over; a power of two. Many more keys at one time than this make finding one slower, nothing else. */
const CHAINS = 1024;

/** The place of an item in its lane. */
export class LanePlace<T> {
  /** The first one of a lane is let go, the others wait. */
  isFirst = false;
  previous: LanePlace<T> | undefined;
  next: LanePlace<T> | undefined;
  /** Of the first one only: the end of its lane. */
  last: LanePlace<T> = this;
  /** Of the first one only: the first one of the next lane in the chain. */
  nextLane: LanePlace<T> | undefined;

  constructor(
    readonly key: string,
    readonly chain: number,
    readonly item: T,
  ) {}
}

/**
 * Keeps items of one key one behind the other: a lane for each key, which exists as long as something is in it. A table of linked items instead of a Map: every
 * event comes and goes, and a Map that takes in and gives back thousands a second leaves tables behind that cost the garbage collector.
 */
export class Lanes<T> {
  private readonly chains = new Array<LanePlace<T> | undefined>(CHAINS).fill(undefined);
  private readonly due: LanePlace<T>[] = [];
  private lettingGo = false;

  /** @param letGo is told of an item that becomes the first of its lane because the one before it left */
  constructor(private readonly letGo: (item: T) => void) {}

  /** Puts an item at the end of its lane. Where it is the first at once, it is for the caller to let it go. */
  join(key: string, item: T): LanePlace<T> {
    const chain = chainOf(key);
    const place = new LanePlace(key, chain, item);
    const first = this.firstOf(key, chain);
    if (first) append(first, place);
    else this.open(place);
    return place;
  }

  /** Takes an item out of its lane, wherever it stands. The next one is let go if it was the first. */
  leave(place: LanePlace<T>): void {
    if (place.isFirst) this.advance(place);
    else this.remove(place);
  }

  private firstOf(key: string, chain: number): LanePlace<T> | undefined {
    let first = this.chains[chain];
    while (first && first.key !== key) first = first.nextLane;
    return first;
  }

  private open(first: LanePlace<T>): void {
    first.isFirst = true;
    first.nextLane = this.chains[first.chain];
    this.chains[first.chain] = first;
  }

  private close(first: LanePlace<T>): void {
    first.isFirst = false;
    const head = this.chains[first.chain] as LanePlace<T>;
    if (head === first) {
      this.chains[first.chain] = first.nextLane;
      return;
    }
    let before = head;
    while (before.nextLane !== first) before = before.nextLane as LanePlace<T>;
    before.nextLane = first.nextLane;
  }

  private advance(first: LanePlace<T>): void {
    this.close(first);
    const { next } = first;
    if (!next) return;
    next.previous = undefined;
    next.last = first.last;
    // What has left must not hold on to what comes after it.
    first.next = undefined;
    first.last = first;
    this.open(next);
    this.due.push(next);
    this.letGoDue();
  }

  private remove(place: LanePlace<T>): void {
    const { previous, next } = place;
    if (!previous) return;
    previous.next = next;
    if (next) next.previous = previous;
    else (this.firstOf(place.key, place.chain) as LanePlace<T>).last = previous;
    place.previous = undefined;
    place.next = undefined;
  }

  /** Items that are done with as soon as they are let go make way for the next here, and not within each other. */
  private letGoDue(): void {
    if (this.lettingGo) return;
    this.lettingGo = true;
    try {
      for (let place = this.due.pop(); place; place = this.due.pop()) if (place.isFirst) this.letGo(place.item);
    } finally {
      this.lettingGo = false;
    }
  }
}

function append<T>(first: LanePlace<T>, place: LanePlace<T>): void {
  place.previous = first.last;
  first.last.next = place;
  first.last = place;
}

function chainOf(key: string): number {
  let hash = 0;
  for (let index = 0; index < key.length; index++) hash = (Math.imul(hash, 31) + key.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 15)) & (CHAINS - 1);
}
