/** Holds memory that others may have when they need it. */
export interface YieldingHolder {
  /** Gives up the oldest of what it holds; false when it holds nothing. */
  giveUpOldest(): boolean;
}

/** Bytes of memory that several holders share. */
export class ByteBudget {
  private taken = 0;
  private readonly yielding = new Set<YieldingHolder>();

  constructor(readonly limitBytes: number) {}

  hasRoomFor(bytes: number): boolean {
    return this.taken + bytes <= this.limitBytes;
  }

  /** Whether there is room, once those that yield have given up as much as was needed. */
  makeRoomFor(bytes: number): boolean {
    if (this.hasRoomFor(bytes)) return true;
    for (const holder of this.yielding) {
      while (!this.hasRoomFor(bytes) && holder.giveUpOldest());
    }
    return this.hasRoomFor(bytes);
  }

  take(bytes: number): void {
    this.taken += bytes;
  }

  giveBack(bytes: number): void {
    this.taken -= bytes;
  }

  /** Whether this holder yields from now on; none does at first. */
  setYielding(holder: YieldingHolder, yields: boolean): void {
    if (yields) this.yielding.add(holder);
    else this.yielding.delete(holder);
  }

  get usedBytes(): number {
    return this.taken;
  }
}
