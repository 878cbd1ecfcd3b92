import type { PartitionWindow } from './partition-window.js';

/** Of several partitions one has at most so many times what is free with the handler: something is always left for the others. */
const SHARE_OF_FREE = 8;

/** Chooses whose event is handed out next. */
export class FairTurns {
  /** Index of the window whose turn it was. */
  private turn = 0;

  /**
   * One after the other, so that none starves; undefined where nothing waits.
   *
   * @param free how many more events may be handed out
   */
  next(windows: readonly PartitionWindow[], free: number): PartitionWindow | undefined {
    for (let step = 0; step < windows.length; step++) {
      this.turn = (this.turn + 1) % windows.length;
      const window = windows[this.turn] as PartitionWindow;
      const hasItsShare = windows.length > 1 && window.inFlight >= SHARE_OF_FREE * free;
      if (!window.unverified && !hasItsShare && window.hasWaiting) return window;
    }
    return undefined;
  }
}
