import type { Capabilities, Parameters } from '@millrace/eventing-api';
import { Type, type Static } from 'typebox';
import { inMemoryCapabilities } from './capabilities.js';

/** Parameters of a ClusterChannelProvisioner of this driver; each holds for every Channel of it on its own. */
export const InMemoryParameters = Type.Object(
  {
    acknowledge: Type.Optional(
      Type.Enum(['queued', 'delivered'], {
        description:
          'What a 202 means: the event is queued, or every Subscription has settled it (as in-memory-channel did in 2019). Default queued.',
      }),
    ),
    maxQueuedEvents: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000_000,
        description:
          'Events that may wait for one Subscription, those in delivery included; above that the Channel answers 429. Default 10000.',
      }),
    ),
    maxQueuedBytes: Type.Optional(
      Type.Integer({
        minimum: 1024,
        description:
          'Bytes that the waiting events of one Channel may take, an event of several Subscriptions counted once; above that the Channel answers 429. As many more for the dead letters of each Subscription. Default 67108864 (64 MiB).',
      }),
    ),
    maxDeadLetters: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000_000,
        description:
          'Dead letters that are kept for one Subscription that has no dead letter sink; further ones are dropped, and counted. Default 10000.',
      }),
    ),
  },
  { additionalProperties: false, description: 'Settings of the in-memory driver.' },
);
type InMemoryParameters = Static<typeof InMemoryParameters>;

/** A Channel in memory has no arguments. */
export const InMemoryArguments = Type.Object(
  {},
  { additionalProperties: false, description: 'A Channel in memory has no arguments.' },
);

/** The parameters with every default filled in. */
export interface InMemoryOptions {
  readonly acknowledge: 'queued' | 'delivered';
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  readonly maxDeadLetters: number;
}

/** Fills in the defaults. The parameters have passed the schema. */
export function inMemoryOptions(parameters: Parameters): InMemoryOptions {
  const { acknowledge, maxQueuedEvents, maxQueuedBytes, maxDeadLetters } = parameters as InMemoryParameters;
  return {
    acknowledge: acknowledge ?? 'queued',
    maxQueuedEvents: maxQueuedEvents ?? 10_000,
    maxQueuedBytes: maxQueuedBytes ?? 64 * 1024 * 1024,
    maxDeadLetters: maxDeadLetters ?? 10_000,
  };
}

/** What a store with these parameters can do. */
export function inMemoryCapabilitiesFor(parameters: Parameters): Capabilities {
  const acknowledgesDelivery = inMemoryOptions(parameters).acknowledge === 'delivered';
  // The producer learns of the failure and tries again: what it sends anew must not lie here as well.
  return { ...inMemoryCapabilities, acknowledgesDelivery, deadLetters: !acknowledgesDelivery };
}
