import type { TSchema } from 'typebox';
import type { Clock } from '../process/clock.js';
import type { Logger } from '../process/logger.types.js';
import type { Capabilities } from './capabilities.types.js';
import type { StoredEvent } from './stored-event.types.js';

/** Parameters of a ClusterChannelProvisioner, or arguments of a Channel, after the driver's schema has accepted them. */
export type Parameters = Readonly<Record<string, unknown>>;

/** Values read from the Secrets that the parameters name, by Secret name and key. The runtime reads them; a driver never does. */
export type SecretValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What a driver gets from its host. */
export interface DriverContext {
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * A plugin: everything the runtime knows of a kind of store before it opens one. A third party writes a provisioner with this
 * library alone.
 */
export interface ChannelDriverProvider {
  /** Name of the driver, the value of `spec.driver`. */
  readonly driver: string;
  /**
   * The ClusterChannelProvisioner names that this driver answers to when `spec.driver` is empty (as in 2019), with the parameters each implies; `spec.parameters` win
   * over those. What is implied need not be all that is required, and is nothing that `parametersSchema` refuses.
   */
  readonly claims: Readonly<Record<string, Parameters>>;
  /** What every store of this driver can do. */
  readonly capabilities: Capabilities;
  /**
   * What a store opened with these parameters can do, where that is less or more; default: `capabilities`. Decided by the parameters alone, the same each
   * time; never throws for what `parametersSchema` accepts.
   */
  capabilitiesFor?(parameters: Parameters): Capabilities;
  /** JSON Schema of `ClusterChannelProvisioner.spec.parameters`: an object that refuses fields it does not know, so that a misspelt one is told. */
  readonly parametersSchema: TSchema;
  /** JSON Schema of `Channel.spec.arguments`: an object that refuses fields it does not know. */
  readonly argumentsSchema: TSchema;
  /**
   * Opens a store; once for each ClusterChannelProvisioner, and again (after `close` of the former) when parameters or Secrets change. Calls may overlap.
   * Settles within 30 s and must not fail because the store is away for now: it opens, reconnects by itself, and `health` says so. Throws
   * only where these parameters can never work; the runtime then shows the message in a condition and waits for a change.
   */
  open(parameters: Parameters, secrets: SecretValues, context: DriverContext): Promise<ChannelDriver>;
}

/** A Channel as a driver sees it. */
export interface DriverChannel {
  readonly namespace: string;
  readonly name: string;
  /** UID of the Channel; part of every name in the store. That of a dead-letter Channel is made of the Channel's and the Subscription's name, so that a Subscription that is made anew finds its letters. */
  readonly uid: string;
  /**
   * What the Channel keeps: events, or the dead letters of one Subscription (`name` is that Subscription's then). The runtime ensures one Subscription of a
   * dead-letter Channel, its reader, before it publishes the first letter: a driver need not keep letters for which there is none.
   */
  readonly purpose: 'events' | 'dead-letters';
  /** As the driver's schema accepted them. When deleting they may be anything: a Channel that was never accepted is deleted too. */
  readonly arguments: Parameters;
}

/**
 * A Subscription as a driver sees it. What the store keeps for it (consumer, position) is keyed by `name` within its Channel, not by `uid`:
 * a Subscription that is made anew under its old name resumes where the former stood.
 */
export interface DriverSubscription {
  readonly channel: DriverChannel;
  readonly name: string;
  readonly uid: string;
}

/** Where a new Subscription starts; an existing position is kept. */
export type StartPosition = 'now' | 'earliest' | { readonly time: Date };

/** What ensuring a Channel found. */
export interface ChannelReport {
  /** Names in the store, shown in `status.store` (topic, stream, ...). */
  readonly store: Readonly<Record<string, string>>;
  /** Sentences about settings that differ from what was asked for and were left alone. */
  readonly drift: readonly string[];
  /**
   * True where this call has made what keeps the events because nothing was there. For a Channel that was there before, the events and every position are lost: the
   * runtime ensures its Subscriptions again, from the earliest event where the driver can.
   */
  readonly isNew?: boolean | undefined;
  /** Largest event (body and attributes) that the store takes, in bytes; absent where only the intake's limit counts. */
  readonly maxEventBytes?: number | undefined;
  /** Most events that the Channel can hold at one time: a batch of more is refused as too large. Absent where there is no such bound. */
  readonly maxQueuedEvents?: number | undefined;
}

/** Why a store did not take an event. The native error, where there is one, is `cause`. */
export type PublishRefusal =
  /** Larger than the store takes: 413, never retried as it is. */
  | 'too-large'
  /** A bound is reached: 429, retry after `retryAfterMs`. */
  | 'full'
  /** What keeps the events of the Channel is not there: 503, and it is ensured again. */
  | 'not-found'
  /** The store cannot be reached or is short of replicas: 503. */
  | 'unavailable'
  /** The store did not answer in time; the event may be stored: 503. */
  | 'timeout'
  /** The store refuses our credentials or rights: 503, told in a condition. */
  | 'forbidden'
  /** Only with `acknowledgesDelivery`: at least one Subscription did not take the event: 500, as in 2019. */
  | 'not-delivered';

/** Outcome of a publish. `stored` = as durable as the capabilities say, from here on. */
export type PublishResult =
  | { readonly outcome: 'stored' }
  | {
      readonly outcome: 'refused';
      readonly code: PublishRefusal;
      /** For people: what happened, in the store's words. */
      readonly message: string;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    };

/** What became of an event for one Subscription. */
export type Settlement =
  /** The subscriber took it (and its reply was taken). */
  | 'delivered'
  /** A filter of the Subscription said no. */
  | 'filtered'
  /** It lies in the dead letter sink or place. */
  | 'dead-lettered'
  /** It is gone, and counted with a reason. */
  | 'dropped'
  /**
   * Not settled: give it back to the store unacknowledged (shut-down, lost ownership). It is handed out again, however often it is released: to this
   * consumption when it is resumed, if not before, and to the next one that takes its place.
   */
  | 'release';

/** Our right to deliver one event. */
export interface Claim {
  /** Aborted when ownership is lost: another process may deliver the event now. Whatever the handler settles after that is ignored. */
  readonly signal: AbortSignal;
  /** How often the store has handed out this event, this time included; absent where it cannot tell. */
  readonly deliveryCount?: number | undefined;
}

/**
 * Takes one event to its settlement. Calls overlap up to `ConsumeOptions.maxInFlight`, also for events of one key: the delivery engine keeps those in order,
 * as long as they are handed out in order. It never rejects; it may take as long as all retries do (hours), and the driver keeps the
 * claim alive meanwhile. What it settles is told to the store before the driver counts the event as done; where the store cannot be told, the
 * event comes again.
 */
export type EventHandler = (event: StoredEvent, claim: Claim) => Promise<Settlement>;

/** How a Subscription is consumed. */
export interface ConsumeOptions {
  /** Handler calls at one time. */
  readonly maxInFlight: number;
}

/**
 * One running consumption of a Subscription. A store that goes away for a while does not end it: the driver reconnects, with back-off,
 * for as long as it takes, and `health` says so. No method throws.
 */
export interface Consumption {
  /** Hands out no further event until `resume`; those handed out go on. Idempotent; does not wait. */
  pause(): void;
  /** Goes on after `pause`, and hands out again what was released. Idempotent; no effect after `stop`. */
  resume(): void;
  /** Applies new options to events not yet handed out; a smaller `maxInFlight` recalls nothing. Idempotent; does not wait. */
  update(options: ConsumeOptions): void;
  /**
   * Hands out no further event, waits until each handed-out one is settled and the store knows, or `deadline` aborts; then aborts the remaining
   * claims and gives their events back. Idempotent: a second call waits for the same end, by the earlier of both deadlines. Resolves within 2 s of
   * the deadline, when nothing of this consumption is left running and nothing more reaches the handler.
   */
  stop(deadline: AbortSignal): Promise<void>;
  /**
   * Settles when the consumption has ended: resolved after `stop`, rejected when the store took it away for good (consumer or topic deleted). The
   * runtime always listens, ensures the Subscription again and consumes anew, with back-off.
   */
  readonly closed: Promise<void>;
}

/** Events that wait for one Subscription. */
export interface Backlog {
  /** Stored and not yet settled, those in flight included. */
  readonly pending: number;
  readonly inFlight: number;
  /** Age of the oldest unsettled event in milliseconds, where the store can tell. */
  readonly oldestMs?: number | undefined;
}

/**
 * What became of the events of one Subscription in a store that lives in this process:
 * `accepted = delivered + filtered + deadLettered + dropped + pending` at every moment, each term counted where it happens.
 */
export interface SubscriptionAccount {
  readonly subscription: DriverSubscription;
  readonly accepted: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly deadLettered: number;
  /** By reason: what the handler dropped (`handler`), and what the store did (`channel-deleted`, `subscription-deleted`, `shut-down`). */
  readonly droppedByReason: ReadonlyMap<string, number>;
  readonly pending: number;
}

/**
 * What a stored event survives, by the settings of the store:
 * `ProcessOnly` = the end of any process, the store's included, but not of its machine; `Replicated` = the loss of one machine of the store; `Synced` = the
 * loss of power everywhere, since it is on disk before it is acknowledged. `Volatile` = not even the end of the process that holds it: exactly where the
 * capabilities say that the store is not durable.
 */
export interface Durability {
  readonly level: 'Volatile' | 'ProcessOnly' | 'Replicated' | 'Synced';
  /** For people: why, naming the setting that decides it. */
  readonly message: string;
}

/** State of a store or of a part of this process. */
export type Health = { readonly status: 'up' } | { readonly status: 'down'; readonly message: string };

/**
 * One open store.
 *
 * The four methods `ensure…` and `delete…` make and remove what a Channel needs. They are idempotent and called again and again; several processes may
 * call them at one time (a lease changes hands), so "exists already" and "is gone already" are successes. Within a process calls for different
 * Channels overlap, calls for one Channel do not. Each settles within 30 s: a driver bounds what it asks of the store. They throw where the store
 * is away, refuses or misbehaves, with an Error whose message a person can act on and the native error as `cause`; the runtime shows the message
 * in a condition and retries with back-off, never in the driver.
 *
 * After `close`, `publish` refuses with `unavailable`, `health` says down, `durability` rejects or gives undefined, `close` is a success, and the
 * others reject.
 */
export interface ChannelDriver {
  /**
   * Makes what keeps the Channel's events, or finds it, or repairs what can be repaired without loss. Never destroys and never shrinks: what differs
   * from what was asked for is reported as drift. From its resolution on `publish` works for this Channel in every process.
   */
  ensureChannel(channel: DriverChannel): Promise<ChannelReport>;
  /**
   * Removes the Channel with all that it keeps, the positions of its Subscriptions included: one that is ensured again under its UID begins empty. Other
   * processes may still be consuming: either that does no harm, or this throws and comes again.
   */
  deleteChannel(channel: DriverChannel): Promise<void>;
  /**
   * Fixes where a Subscription begins. One that has a position keeps it, whatever `start` says. Every event stored after the resolution is part of the
   * Subscription, consumed or not: the runtime calls it ready then. A `start` that the capabilities do not list is never asked for.
   * Rejects where the Channel has not been ensured, or is gone: nothing could be kept for the Subscription then.
   */
  ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void>;
  /**
   * The Subscription is gone, and may come back under its name: `ensureSubscription` takes it up again where it stood. Until then what is kept for it must
   * stand in nobody's way: a store whose room is limited gives it up, counted as `subscription-deleted`, before it refuses an event because of it. Only
   * for stores that do not keep events anyway. Idempotent.
   */
  detachSubscription?(subscription: DriverSubscription): Promise<void>;
  /** Forgets the Subscription and its position. Another process may still be consuming it: as with `deleteChannel`. */
  deleteSubscription(subscription: DriverSubscription): Promise<void>;
  /**
   * Stores one event: the hot path. Calls overlap without bound, for one Channel too, and the order of two overlapping calls is open. Events with a
   * partition key are stored under it. Never rejects for anything that a store does: every outcome is a PublishResult, and `stored` is said
   * only after the store's own acknowledgement. Nobody retries but the producer; a driver may try again inside the time given.
   * `signal` aborts when that time is up (without one, the driver's own limit of at most 10 s counts): answer `timeout` at once, without waiting for
   * the store, though the event may be stored.
   */
  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult>;
  /**
   * Starts to hand out the events of a Subscription, from its position. Returns at once and connects in the background. Called after `ensureSubscription` has
   * resolved, here or in another process; in one process at most one consumption of a Subscription runs at a time. With
   * `sharedConsumption`, processes share the events, and those of one key go to one process at a time; at least once each, in the order of the store for
   * each key where `ordering` lists `key`. Subscriptions do not wait for each other: one that settles nothing, with as many events in hand as it may
   * have, holds up no other.
   */
  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption;
  /**
   * What waits for a Subscription; undefined where the store cannot tell (then no figure is shown, not 0). Idempotent; may overlap with anything; settles within 2 s;
   * a throw means no figure this time, and the next scrape asks again.
   */
  backlog(subscription: DriverSubscription): Promise<Backlog | undefined>;
  /**
   * The accounts of every Subscription, read at scrape, without waiting; only where the store lives in this process, so that they can be exact. Also
   * those of Subscriptions that are gone and took events with them, for as long as a scrape may need to see that; two accounts of one name add up.
   */
  accounts?(): Iterable<SubscriptionAccount>;
  /**
   * What a 202 survives in this store as it is set up, for Channels without arguments; shown in the condition `Durability` of the ClusterChannelProvisioner. Asked again now and then,
   * never on the way of an event; settles within 5 s; undefined or a throw where it cannot be told now, and either of them after `close`.
   */
  durability(): Promise<Durability | undefined>;
  /** Whether the store works now, as of at most 5 s ago (probes come often). May overlap with anything; answers within 2 s; never rejects. */
  health(): Promise<Health>;
  /** Lets go of connections and timers, of nothing that is stored. Idempotent; called after every consumption has stopped; settles within 5 s. */
  close(): Promise<void>;
}
