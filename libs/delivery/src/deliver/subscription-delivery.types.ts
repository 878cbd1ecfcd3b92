import type { EventHandler, ResolvedDelivery } from '@millrace/eventing-api';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';

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
  readonly delivery: ResolvedDelivery;
}

/** Delivers the events of one Subscription. */
export interface SubscriptionDelivery {
  /** Hand this to `ChannelDriver.consume`. */
  readonly handle: EventHandler;
  readonly counters: SubscriptionCounters;
  /** As it was last updated. */
  readonly target: SubscriptionTarget;
  /** Takes effect for attempts that start from now on; nothing in flight is lost or doubled. */
  update(target: SubscriptionTarget): void;
  /** The end: aborts attempts and waits between attempts, and each event under way or handed over later settles as `release`. Idempotent. */
  abort(): void;
}
