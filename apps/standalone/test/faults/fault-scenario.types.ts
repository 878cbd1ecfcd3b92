import type { BrokerNeeds } from '@millrace/brokers';
import type { BrokerStore } from './broker-store.js';
import type { FaultAccount } from './fault-account.js';
import type { FaultHome } from './fault-home.js';
import type { FaultSubject } from './fault-subject.types.js';

/** Where a scenario is played. */
export interface FaultStage {
  readonly subject: FaultSubject;
  readonly home: FaultHome;
  /** A broker as the scenario needs it; its ClusterChannelProvisioner is Ready, where the scenario does not make it itself. */
  readonly store: BrokerStore;
  /** Name for its Channel and Subscription. */
  readonly name: string;
}

/** A fault, and what has to hold under it. It leaves its stage as it found it. */
export interface FaultScenario {
  readonly id: string;
  /** A sentence that begins with what is done to Millrace. */
  readonly title: string;
  /** Default: one server. */
  readonly needs?: BrokerNeeds;
  /** Whether the scenario begins with neither broker nor ClusterChannelProvisioner. */
  readonly fromNothing?: boolean;
  /** Resolves with the account of its events. Throws where something else is not as it should be. */
  play(stage: FaultStage): Promise<FaultOutcome>;
}

export interface FaultOutcome {
  readonly account: FaultAccount;
  /** What else was seen, for the table. */
  readonly note?: string;
}
