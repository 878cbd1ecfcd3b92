import type { Capabilities } from '@millrace/eventing-api';

/** What the Kafka driver can do. What a 202 survives is told by `durability`: it hangs on replicas. */
export const kafkaCapabilities: Capabilities = {
  durable: true,
  ordering: ['none', 'key'],
  orderingScope: 'partition',
  replay: ['earliest', 'time'],
  sharedConsumption: true,
  deadLetters: true,
  backlog: true,
  acknowledgesDelivery: false,
};
