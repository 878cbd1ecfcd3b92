import type { HeldEvent } from './held-event.js';

/** One event in the hands of the handler. */
export interface HandedOutEvent {
  readonly held: HeldEvent;
  /** Rises with every event that is handed out. */
  readonly order: number;
  /** Where it lies; -1 once it has been removed. */
  slot: number;
}

/**
 * The events of a consumption that are in the hands of its handler. An array in which a removal moves the last one into the gap: a Set that
 * takes in and gives back thousands a second leaves a trail of tables for the garbage collector.
 */
export class HandedOutEvents {
  private readonly entries: HandedOutEvent[] = [];
  private handedOut = 0;

  get size(): number {
    return this.entries.length;
  }

  add(held: HeldEvent): HandedOutEvent {
    const entry: HandedOutEvent = { held, order: this.handedOut++, slot: this.entries.length };
    this.entries.push(entry);
    return entry;
  }

  /** False when it was removed before. */
  remove(entry: HandedOutEvent): boolean {
    if (entry.slot < 0) return false;
    const last = this.entries.pop() as HandedOutEvent;
    if (last !== entry) {
      this.entries[entry.slot] = last;
      last.slot = entry.slot;
    }
    entry.slot = -1;
    return true;
  }

  /** Removes all. */
  removeAll(): HandedOutEvent[] {
    const entries = this.entries.splice(0);
    for (const entry of entries) entry.slot = -1;
    return entries;
  }
}
