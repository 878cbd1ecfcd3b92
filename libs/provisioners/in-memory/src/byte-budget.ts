/** Bytes of memory that several holders share. */
export class ByteBudget {
  private taken = 0;

  constructor(readonly limitBytes: number) {}

  hasRoomFor(bytes: number): boolean {
    return this.taken + bytes <= this.limitBytes;
  }

  take(bytes: number): void {
    this.taken += bytes;
  }

  giveBack(bytes: number): void {
    this.taken -= bytes;
  }

  get usedBytes(): number {
    return this.taken;
  }
}
