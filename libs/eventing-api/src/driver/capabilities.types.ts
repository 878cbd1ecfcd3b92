/**
 * What a driver can do, as data: the runtime, the status of the ClusterChannelProvisioner, the documentation and the conformance
 * suite all read this one object. A Channel that asks for more gets a False condition.
 */
export interface Capabilities {
  /** What a 202 survives: nothing beyond the process, or what the store's settings say. */
  readonly durable: boolean;
  /** Orders in which events can be delivered. */
  readonly ordering: readonly ('none' | 'key')[];
  /** What one poisoned event holds up under `ordering: key`: its own key, or its whole partition. */
  readonly orderingScope: 'key' | 'partition';
  /** A Subscription may start at the earliest kept event or at a time. */
  readonly replay: readonly ('earliest' | 'time')[];
  /** Several processes may consume one Subscription and share its events. */
  readonly sharedConsumption: boolean;
  /** A Channel with purpose `dead-letters` can be ensured, published to and consumed. */
  readonly deadLetters: boolean;
  /** `backlog` answers with figures. */
  readonly backlog: boolean;
  /**
   * A publish waits for every subscriber (2019's `in-memory-channel`), so that no event outlives its POST. While the consumption of one is paused it is refused as
   * `unavailable`, at once and for all.
   */
  readonly acknowledgesDelivery: boolean;
}
