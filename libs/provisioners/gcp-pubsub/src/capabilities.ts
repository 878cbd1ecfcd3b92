import type { Capabilities } from '@millrace/eventing-api';

/** What Google Cloud Pub/Sub can do through this driver. */
export const gcpPubSubCapabilities: Capabilities = {
  durable: true,
  ordering: ['none', 'key'],
  orderingScope: 'key',
  replay: ['earliest', 'time'],
  sharedConsumption: true,
  deadLetters: true,
  // Only Cloud Monitoring knows it, minutes late.
  backlog: false,
  acknowledgesDelivery: false,
};

/**
 * The emulator keeps events in memory, but in that of another process: to the runtime what is not durable lives in this one, and no other replica has it.
 * It cannot seek in a subscription that keeps order (0.8.20: UNIMPLEMENTED), so that nothing can start in the past.
 */
export const emulatorCapabilities: Capabilities = { ...gcpPubSubCapabilities, replay: [] };
