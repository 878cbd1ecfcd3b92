import type { EventFilter, EventHandler, ResolvedDelivery, StoredEvent } from '@millrace/eventing-api';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';
import type { CircuitState } from '../circuit/circuit-breaker.js';

/** Where the events of a Subscription go: what the controller resolved, with defaults filled in. */
export interface SubscriptionTarget {
  /** Namespace and name of the Subscription, for headers, logs and metrics. */
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Name of its Channel. */
  readonly channel: string;
  /** Absolute http(s) URL; absent = the event itself goes to `replyUri` (identity, as in 2019). */
  readonly subscriberUri?: string | undefined;
  readonly replyUri?: string | undefined;
  /** Absolute http(s) URL of the dead letter sink; absent = the dead-letter place. */
  readonly deadLetterSinkUri?: string | undefined;
  /** An event that one of them refuses is settled as `filtered`; absent = every event is delivered. */
  readonly filters?: readonly EventFilter[] | undefined;
  readonly delivery: ResolvedDelivery;
}

/** What became of an event in a dead-letter place. */
export type DeadLetterOutcome =
  | { readonly outcome: 'stored' }
  /** There is no room, and will be none: the event is dropped, reason `dead-letters-full`. */
  | { readonly outcome: 'full'; readonly message: string }
  /** It is larger than the store takes: tried once more without what was added to it about its failure, then dropped, reason `dead-letters-full`. */
  | { readonly outcome: 'too-large'; readonly message: string }
  /** It could not be written; tried again until it can. */
  | { readonly outcome: 'unavailable'; readonly message: string };

/**
 * Keeps the events that a Subscription cannot deliver, where it has no dead letter sink or that fails. The owner of the store provides it; the engine
 * knows no store. Never rejects. Calls overlap.
 */
export interface DeadLetterPlace {
  store(letter: StoredEvent): Promise<DeadLetterOutcome>;
}

/** What a delivery is given by the owner of the store. */
export interface DeliveryHost {
  /** Absent = the store has none: what cannot be delivered is dropped. */
  readonly deadLetterPlace?: DeadLetterPlace | undefined;
  /** Dead letters cannot be stored (`message` says why), or can again (undefined). Called on each change only, and not after `abort`; consumption should pause meanwhile. */
  readonly onDeadLetterFault?: ((message: string | undefined) => void) | undefined;
}

/** Delivers the events of one Subscription. */
export interface SubscriptionDelivery {
  /** Hand this to `ChannelDriver.consume`. */
  readonly handle: EventHandler;
  readonly counters: SubscriptionCounters;
  /** As it was last updated. */
  readonly target: SubscriptionTarget;
  /** Handler calls that the store should allow at one time: more than are attempted at one time where a lane may hold events up. */
  readonly claimWindow: number;
  /** Why dead letters cannot be stored right now; undefined while they can. */
  readonly deadLetterFault: string | undefined;
  /** Of the subscriber (reply included), or of the dead letter sink. */
  circuitState(hop: 'subscriber' | 'dead-letter'): CircuitState;
  /**
   * Takes effect for attempts that start from now on, filters for events that are handed over from now on; waits go on. Nothing in flight is lost or doubled.
   * `delivery.ordering` stays what it was at first.
   *
   * @throws TypeError when an address is no absolute http or https URL; everything stays as it was then
   */
  update(target: SubscriptionTarget): void;
  /** The end: aborts attempts and waits between attempts, and each event under way or handed over later settles as `release`. Idempotent. */
  abort(): void;
}
