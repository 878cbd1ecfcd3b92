const INITIAL_CAPACITY = 16;

/**
 * A queue on a ring buffer: adding and taking at either end costs the same however long it is. It grows by doubling and gives memory
 * back once it has run empty.
 */
export class RingQueue<T> {
  private slots: (T | undefined)[] = new Array<T | undefined>(INITIAL_CAPACITY);
  private head = 0;
  private length = 0;

  get size(): number {
    return this.length;
  }

  pushBack(item: T): void {
    if (this.length === this.slots.length) this.grow();
    this.slots[(this.head + this.length) & (this.slots.length - 1)] = item;
    this.length++;
  }

  pushFront(item: T): void {
    if (this.length === this.slots.length) this.grow();
    this.head = (this.head - 1) & (this.slots.length - 1);
    this.slots[this.head] = item;
    this.length++;
  }

  takeFront(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.slots[this.head];
    this.slots[this.head] = undefined;
    this.head = (this.head + 1) & (this.slots.length - 1);
    this.length--;
    if (this.length === 0 && this.slots.length > INITIAL_CAPACITY) this.reset();
    return item;
  }

  peekFront(): T | undefined {
    return this.length === 0 ? undefined : this.slots[this.head];
  }

  private grow(): void {
    const larger = new Array<T | undefined>(this.slots.length * 2);
    for (let index = 0; index < this.length; index++) {
      larger[index] = this.slots[(this.head + index) & (this.slots.length - 1)];
    }
    this.slots = larger;
    this.head = 0;
  }

  private reset(): void {
    this.slots = new Array<T | undefined>(INITIAL_CAPACITY);
    this.head = 0;
  }
}
