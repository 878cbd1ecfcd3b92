import type { Capabilities, ChannelDriver, ChannelDriverProvider, Parameters } from '@millrace/eventing-api';

/** A driver on a store, as its test supplies it. The store is real; all requirements of a run share it and keep apart by UIDs. */
export interface ConformanceHarness {
  /** Of the driver, and of what is special about its store: `kafka`, `in-memory (acknowledge: delivered)`. */
  readonly name: string;
  /** Exactly what the driver declares for this store. */
  readonly capabilities: Capabilities;
  /** How long the suite waits for something to happen before it calls it missing, in milliseconds: 2,000 in memory, 30,000 with a broker. */
  readonly patienceMs: number;
  /**
   * Opens one more instance of the driver, as one more process would. A store that outlives its instances is the same for all of
   * them; one that lives in its instance begins empty.
   */
  open(): Promise<ChannelDriver>;
  /** What the driver says of itself before a store is opened; without it the requirements of the area `provider` are not run. */
  readonly provider?: ChannelDriverProvider | undefined;
  /** Parameters that `open` opens the store with, as the provider takes them; default none. */
  readonly parameters?: Parameters | undefined;
  /** Arguments of the Channels that the suite makes; default none. */
  readonly channelArguments?: Parameters | undefined;
  /** The largest event that this store takes (body and attributes), in bytes; absent where it has no limit of its own. */
  readonly maxEventBytes?: number | undefined;
  /**
   * How long the store, as it is set up here, leaves an event with a driver that says nothing, in milliseconds. Where it is given, the suite holds
   * an event for longer than that. Let it be a second or two.
   */
  readonly leaseMs?: number | undefined;
  /** How many requirements may be tried at one time; default 1. More where the store, not the machine, is what they wait for. */
  readonly concurrency?: number | undefined;
  /**
   * Requirements, by id, that this store cannot show although the driver keeps them on the real one, and why: a stand-in that lacks something. They are `not run`.
   */
  readonly cannotShow?: Readonly<Record<string, string>> | undefined;
  /** Opens a driver on a store in which each Subscription has room for this many unsettled events; absent where room has no such limit. */
  openBounded?(maxEvents: number): Promise<ChannelDriver>;
  /** Ends the store without warning and starts it anew with what it had on disk. */
  restartStore?(): Promise<void>;
  /** Ends the store without warning. Resolves to what starts it again, with what it had on disk. */
  killStore?(): Promise<() => Promise<void>>;
  /** Lets go of what the harness itself holds. */
  close?(): Promise<void>;
}

/** A store that cannot be had on this machine: every requirement is `not run`. */
export interface UnreachableStore {
  readonly name: string;
  /** Why, and the command that would change it. */
  readonly notRun: string;
}

/** Makes the harness of a run, when it begins. */
export type HarnessFactory = () =>
  ConformanceHarness | UnreachableStore | Promise<ConformanceHarness | UnreachableStore>;
