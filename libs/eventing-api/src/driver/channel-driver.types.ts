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
  /** The ClusterChannelProvisioner names that this driver answers to when `spec.driver` is empty (as in 2019), with the parameters each implies. */
  readonly claims: Readonly<Record<string, Parameters>>;
  /** What every store of this driver can do. */
  readonly capabilities: Capabilities;
  /** What a store opened with these parameters can do, where that is less or more; default: `capabilities`. */
  capabilitiesFor?(parameters: Parameters): Capabilities;
  /** JSON Schema of `ClusterChannelProvisioner.spec.parameters`. */
  readonly parametersSchema: TSchema;
  /** JSON Schema of `Channel.spec.arguments`. */
  readonly argumentsSchema: TSchema;
  /**
   * Opens a store. Calls may overlap (one per ClusterChannelProvisioner). May block as long as the store takes to answer, but must
   * not fail because the store is away for now: it opens, and `health` says so. Throws only where the parameters cannot ever work.
   */
  open(parameters: Parameters, secrets: SecretValues, context: DriverContext): Promise<ChannelDriver>;
}

/** A Channel as a driver sees it. */
export interface DriverChannel {
  readonly namespace: string;
  readonly name: string;
  /** UID of the Channel (of the Subscription for dead letters); part of every name in the store. */
  readonly uid: string;
  /** What the Channel keeps: events, or the dead letters of one Subscription. */
  readonly purpose: 'events' | 'dead-letters';
  readonly arguments: Parameters;
}

/** A Subscription as a driver sees it. Its position is keyed by `name` within its Channel (design section 4, "Positions"). */
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
  /** Largest event (body and attributes) that the store takes, in bytes; absent where only the intake's limit counts. */
  readonly maxEventBytes?: number | undefined;
}

/** Why a store did not take an event. The native error, where there is one, is `cause`. */
export type PublishRefusal =
  /** Larger than the store takes: 413, never retried as it is. */
  | 'too-large'
  /** A bound is reached: 429, retry after `retryAfterMs`. */
  | 'full'
  /** The Channel is not there: 404. */
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
  /** Not settled: give it back to the store unacknowledged (shut-down, lost ownership). */
  | 'release';

/** Our right to deliver one event. */
export interface Claim {
  /** Aborted when ownership is lost: another process may deliver the event now. */
  readonly signal: AbortSignal;
  /** How often the store has handed out this event, this time included; absent where it cannot tell. */
  readonly deliveryCount?: number | undefined;
}

/**
 * Takes one event to its settlement. Calls overlap up to `ConsumeOptions.maxInFlight`. It never throws; it may take as long as all
 * retries do, and the driver keeps the claim alive meanwhile.
 */
export type EventHandler = (event: StoredEvent, claim: Claim) => Promise<Settlement>;

/** How a Subscription is consumed. */
export interface ConsumeOptions {
  /** Handler calls at one time. */
  readonly maxInFlight: number;
}

/** One running consumption of a Subscription. */
export interface Consumption {
  /** Hands out no further event until `resume`. Idempotent; does not wait. */
  pause(): void;
  resume(): void;
  /** Applies new options to events not yet handed out. Idempotent. */
  update(options: ConsumeOptions): void;
  /**
   * Hands out no further event, waits until each handed-out one is settled or `deadline` aborts, then gives the rest back. Idempotent;
   * returns when nothing of this consumption is left running.
   */
  stop(deadline: AbortSignal): Promise<void>;
  /** Settles when the consumption has ended: resolved after `stop`, rejected when the store took it away for good. */
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

/** State of a store or of a part of this process. */
export type Health = { readonly status: 'up' } | { readonly status: 'down'; readonly message: string };

/**
 * One open store. Expected outcomes are values; a throw means a bug or lost infrastructure, and the runtime retries with back-off.
 * Unless a method says otherwise: calls for different Channels may overlap, calls for one Channel do not.
 */
export interface ChannelDriver {
  /** Makes what keeps the Channel's events, or finds it. Idempotent. Never destroys: what differs is reported as drift. */
  ensureChannel(channel: DriverChannel): Promise<ChannelReport>;
  /** Removes it with all that it keeps. Idempotent: an unknown Channel is fine. */
  deleteChannel(channel: DriverChannel): Promise<void>;
  /** Fixes the start position of a Subscription that has none, before the runtime calls it ready. Idempotent. */
  ensureSubscription(subscription: DriverSubscription, start: StartPosition): Promise<void>;
  /** Forgets the Subscription and its position. Idempotent. */
  deleteSubscription(subscription: DriverSubscription): Promise<void>;
  /**
   * Stores one event. Hot path: calls overlap without bound, and nobody retries but the producer. `signal` aborts when the time for
   * the publish is up; the driver answers `timeout` then, or `stored` if it came to know better.
   */
  publish(channel: DriverChannel, event: StoredEvent, signal: AbortSignal | undefined): Promise<PublishResult>;
  /** Starts to hand out the events of a Subscription. At most one consumption per Subscription and process at a time. */
  consume(subscription: DriverSubscription, handler: EventHandler, options: ConsumeOptions): Consumption;
  /** What waits for a Subscription; undefined where the store cannot tell (then no figure is shown, not 0). May block for 2 s. */
  backlog(subscription: DriverSubscription): Promise<Backlog | undefined>;
  /** Whether the store works now. May overlap with anything; answers within 2 s. */
  health(): Promise<Health>;
  /** Lets go of the store. Idempotent; called after every consumption has stopped. */
  close(): Promise<void>;
}
