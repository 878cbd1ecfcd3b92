import type { Capabilities } from '@millrace/eventing-api';

/** What the in-memory driver can do. A 202 means: queued in this one process, gone with it. */
export const inMemoryCapabilities: Capabilities = {
  durable: false,
  ordering: ['none', 'key'],
  orderingScope: 'key',
  replay: [],
  sharedConsumption: false,
  deadLetters: true,
  backlog: true,
  acknowledgesDelivery: false,
};
