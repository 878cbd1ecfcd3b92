export { SubscriptionCounters } from './accounting/subscription-counters.js';
export type { SubscriptionDelivery, SubscriptionTarget } from './deliver/subscription-delivery.types.js';
export type {
  ChannelAddress,
  ChannelIntake,
  IntakeRejection,
  IntakeRequest,
  IntakeResult,
} from './intake/channel-intake.types.js';
export { LocalIntakes } from './intake/local-intakes.js';
