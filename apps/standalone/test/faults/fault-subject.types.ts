import type { BrokerName, Broker } from '@millrace/brokers';
import type { ChannelDriverProvider, Parameters } from '@millrace/eventing-api';

/** A broker under test: what differs from one to the other. Scenarios are the same for all. */
export interface FaultSubject {
  readonly name: BrokerName;
  /** The app that hosts the driver, run from its build. */
  readonly app: string;
  /** The same driver, for what the suite looks at itself. */
  readonly provider: ChannelDriverProvider;
  /** Of a ClusterChannelProvisioner on this broker; with a Secret, where it lets in only who has its `username` and `password`. */
  parameters(broker: Broker, secret?: string): Parameters;
  /** Arguments of a Channel that shall survive the loss of one of three servers. */
  readonly replicatedArguments: Parameters;
  /** More than the broker takes, and less than the ingress does. */
  readonly oversizeBytes: number;
  /** What the driver says of a broker that is not there. */
  readonly awayWords: RegExp;
  /** What the driver says of a broker that refuses its credentials. */
  readonly refusedWords: RegExp;
  /** The broker's own client, past the driver. */
  connect(broker: Broker): Promise<BrokerHandle>;
}

/** Names of what keeps a Channel, as its `status.store` tells them. */
export type StoreNames = Readonly<Record<string, string>>;

/** What an operator of the broker can do with the things of a Channel. */
export interface BrokerHandle {
  /** `host:port` of the server that leads for the Channel; undefined where no server does. */
  leaderOf(store: StoreNames): Promise<string | undefined>;
  /** Deletes what keeps the events of the Channel. Resolves when the broker says so. */
  deleteStore(store: StoreNames): Promise<void>;
  /** Deletes what keeps the positions of its Subscriptions, and leaves the events; throws where the broker does not let go of one that is in use. */
  deletePositions(store: StoreNames): Promise<void>;
  close(): Promise<void>;
}
