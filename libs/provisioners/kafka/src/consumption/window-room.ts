/** What a window may hold before its partition is fetched no more. */
export interface WindowRoom {
  /** Offsets from the first unsettled one on, settled ones included. */
  readonly events: number;
  readonly bytes: number;
}

const EVENTS = 4096;
/** Of all windows of a consumption together: the memory that a Subscription takes whose subscriber is dead. */
const ALL_BYTES = 8 * 1024 * 1024;
const LEAST_BYTES = 512 * 1024;

/** Of each of so many windows. One alone can keep the handler busy. */
export function roomOfEach(windows: number, maxInFlight: number): WindowRoom {
  return { events: Math.max(EVENTS, 2 * maxInFlight), bytes: Math.max(LEAST_BYTES, ALL_BYTES / Math.max(1, windows)) };
}
