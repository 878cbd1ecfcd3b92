import type { Capabilities, Parameters } from '@millrace/eventing-api';
import { streamSettings } from './nats-options.js';
import { durabilityOf } from './store-durability.js';

/** What the NATS driver can do. What a 202 survives hangs on storage and replicas: see `durability`. */
export const natsCapabilities: Capabilities = {
  durable: true,
  ordering: ['none', 'key'],
  orderingScope: 'key',
  replay: ['earliest', 'time'],
  sharedConsumption: true,
  deadLetters: true,
  backlog: true,
  acknowledgesDelivery: false,
};

/** What a store with these parameters can do: events in the memory of one server do not outlive it. */
export function natsCapabilitiesFor(parameters: Parameters): Capabilities {
  const { level } = durabilityOf(streamSettings('events', {}, parameters));
  return { ...natsCapabilities, durable: level !== 'Volatile' };
}
