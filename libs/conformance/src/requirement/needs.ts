import type { Capabilities, ChannelDriver } from '@millrace/eventing-api';
import type { ConformanceHarness } from '../harness/conformance-harness.types.js';

/** What a driver offers. */
export interface Offer {
  readonly capabilities: Capabilities;
  readonly driver: ChannelDriver;
  readonly harness: ConformanceHarness;
}

/** Something that not every driver can do. */
export interface CapabilityNeed {
  /** As the report names it. */
  readonly name: string;
  isMet(offer: Offer): boolean;
}

export const durable: CapabilityNeed = {
  name: 'durable',
  isMet: ({ capabilities }) => capabilities.durable,
};

export const orderingByKey: CapabilityNeed = {
  name: 'ordering: key',
  isMet: ({ capabilities }) => capabilities.ordering.includes('key'),
};

/** One unsettled event holds up its own key only. */
export const scopeIsKey: CapabilityNeed = {
  name: 'orderingScope: key',
  isMet: ({ capabilities }) => capabilities.orderingScope === 'key',
};

export const replayFromEarliest: CapabilityNeed = {
  name: 'replay: earliest',
  isMet: ({ capabilities }) => capabilities.replay.includes('earliest'),
};

export const replayFromTime: CapabilityNeed = {
  name: 'replay: time',
  isMet: ({ capabilities }) => capabilities.replay.includes('time'),
};

export const sharedConsumption: CapabilityNeed = {
  name: 'sharedConsumption',
  isMet: ({ capabilities }) => capabilities.sharedConsumption,
};

export const deadLetters: CapabilityNeed = {
  name: 'deadLetters',
  isMet: ({ capabilities }) => capabilities.deadLetters,
};

export const backlog: CapabilityNeed = {
  name: 'backlog',
  isMet: ({ capabilities }) => capabilities.backlog,
};

export const noBacklog: CapabilityNeed = {
  name: 'no backlog',
  isMet: ({ capabilities }) => !capabilities.backlog,
};

export const acknowledgesDelivery: CapabilityNeed = {
  name: 'acknowledgesDelivery',
  isMet: ({ capabilities }) => capabilities.acknowledgesDelivery,
};

/** An answer that does not wait for subscribers. */
export const answersWhenStored: CapabilityNeed = {
  name: 'no acknowledgesDelivery',
  isMet: ({ capabilities }) => !capabilities.acknowledgesDelivery,
};

export const accounts: CapabilityNeed = {
  name: 'accounts',
  isMet: ({ driver }) => driver.accounts !== undefined,
};

export const detachSubscription: CapabilityNeed = {
  name: 'detachSubscription',
  isMet: ({ driver }) => driver.detachSubscription !== undefined,
};

export const limitedEventSize: CapabilityNeed = {
  name: 'maxEventBytes',
  isMet: ({ harness }) => harness.maxEventBytes !== undefined,
};

export const limitedRoom: CapabilityNeed = {
  name: 'limited room',
  isMet: ({ harness }) => harness.openBounded !== undefined,
};
