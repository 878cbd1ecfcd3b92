import type { StoredEvent } from '@millrace/eventing-api';

/** About what the objects around an event take, beside its bytes. */
const OVERHEAD_BYTES = 500;

/** One accepted event; every Subscription's queue holds the same object, so that its memory is counted and freed once. */
export interface HeldEvent {
  readonly event: StoredEvent;
  readonly bytes: number;
  readonly acceptedAtMs: number;
  /** Subscriptions that have not settled it yet. */
  unsettled: number;
  /** Only with `acknowledge: delivered`: who waits for its settlements. */
  readonly waiter: DeliveryWaiter | undefined;
}

/** Learns what each Subscription made of one event. */
export interface DeliveryWaiter {
  settled(subscription: string, taken: boolean): void;
}

/** What an event takes in memory, in bytes. */
export function heldBytes(event: StoredEvent): number {
  let bytes = OVERHEAD_BYTES + event.body.length;
  for (const text of event.headers) bytes += text.length;
  return bytes;
}
