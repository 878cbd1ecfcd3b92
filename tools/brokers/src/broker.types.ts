/** The brokers that Millrace has a driver for. */
export type BrokerName = 'kafka' | 'nats' | 'gcp-pubsub';

/** How a broker was had: an address in the environment, a container, or a process of this machine from the cache. */
export type BrokerWay = 'address' | 'container' | 'native';

/**
 * What a stand-in cannot do although the real thing can:
 * `durability` = it forgets everything when it ends; `filters` = a filter is taken and not applied; `ordered redelivery` = a nack does not hold later events of
 * its ordering key; `deletion notice` = a consumer is not told that its subscription is gone; `stream metadata` = NATS before 2.10; the others are what they say.
 */
export type BrokerLack =
  | 'access control'
  | 'dead letter policy'
  | 'deletion notice'
  | 'durability'
  | 'exactly-once'
  | 'filters'
  | 'ordered redelivery'
  | 'seek'
  | 'size limits'
  | 'stream metadata';

/** Whom alone a broker lets in: letters, digits, `.`, `_` and `-`. */
export interface BrokerCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Configuration in the broker's own words, over what it has anyway. Kafka: properties. NATS: entries of its configuration file, each value as it stands there
 * (`{ 'max_payload': '2MB', 'tls': '{ verify: true }' }`).
 */
export type BrokerSettings = Readonly<Record<string, string>>;

/** What a test asks of a broker; whatever way cannot give it is passed over. */
export interface BrokerNeeds {
  /** Version, where it matters: `3.9.2`; of the Pub/Sub stand-ins `emulator` or `pstest`. Default: the pinned one. */
  readonly version?: string | undefined;
  /** Servers that make up the broker; default 1. With 3, events are replicated (Kafka: replication factor 3, `min.insync.replicas` 2). */
  readonly nodes?: 1 | 3 | undefined;
  /** Whether the test kills, stops or freezes servers: a broker of its own, whose `nodes` are not empty. Default false: shared by this process. */
  readonly faults?: boolean | undefined;
  /** Whom alone the broker lets in (Kafka: SASL/PLAIN; NATS: user and password); default: everybody. Implies a broker of its own. */
  readonly credentials?: BrokerCredentials | undefined;
  /** Further configuration of all servers (TLS, other ways to log in, access control); default: none. Implies a broker of its own. */
  readonly settings?: BrokerSettings | undefined;
}

/** One server of a broker, as a fault test handles it. Its address and what it has on disk outlive `kill` and `start`. */
export interface BrokerNode {
  readonly address: string;
  /** Ends it without warning (SIGKILL), frozen or not. Resolves when it is gone. Idempotent. */
  kill(): Promise<void>;
  /**
   * Starts it again; resolves when it answers, within 90 s. Idempotent. One of three answers only where most of the three run: after killing two, start them
   * together (`Promise.all`).
   */
  start(): Promise<void>;
  /** Leaves it connected and silent (SIGSTOP). */
  freeze(): void;
  /** Lets a frozen one go on. */
  thaw(): void;
}

/** A running broker. */
export interface Broker {
  readonly name: BrokerName;
  readonly way: BrokerWay;
  /** As the broker, its package or its image says it: `4.4.0`, `2.12.15`, `emulator 0.8.20`, `pstest 2.8.1`; `unknown` for an address. */
  readonly version: string;
  /** `host:port` of each server. */
  readonly addresses: readonly string[];
  /** Its servers; empty where the way does not let us handle them. */
  readonly nodes: readonly BrokerNode[];
  /** What this stand-in cannot do; mostly empty. */
  readonly lacks: readonly BrokerLack[];
  /** Changes whom the broker lets in, as when credentials expire: whoever is connected is cut off. Absent without `credentials`. */
  changeCredentials?(credentials: BrokerCredentials): Promise<void>;
  /** Puts other settings in the place of those it was started with: whoever is connected is cut off. Absent without `settings`. */
  changeSettings?(settings: BrokerSettings): Promise<void>;
  /** Stops it, if it was started for us and nobody else in this process uses it. Idempotent. */
  stop(): Promise<void>;
}

/** No way leads to such a broker on this machine. */
export interface BrokerNotRun {
  /** Why, and the command that would change it. */
  readonly notRun: string;
}
