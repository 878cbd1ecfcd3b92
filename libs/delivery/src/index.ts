export { registerDeliveryMetrics, registerIntakeMetrics } from './accounting/register-metrics.js';
export type { SubscriptionCounters } from './accounting/subscription-counters.js';
export type { AttemptListener, AttemptRecord } from './deliver/attempt-listener.types.js';
export { DeliveryEngine } from './deliver/delivery-engine.js';
export type { DeliveryEngineOptions } from './deliver/delivery-engine.js';
export type { DeliveryLimits } from './deliver/delivery-limits.js';
export type { SubscriptionDelivery, SubscriptionTarget } from './deliver/subscription-delivery.types.js';
export type {
  ChannelAddress,
  ChannelIntake,
  IntakeRejection,
  IntakeRequest,
  IntakeResult,
} from './intake/channel-intake.types.js';
export { DEFAULT_INTAKE_LIMITS } from './intake/intake-limits.js';
export type { IntakeLimits } from './intake/intake-limits.js';
export { IntakeServer } from './intake/intake-server.js';
export type { IntakeServerOptions } from './intake/intake-server.js';
export { ChannelLocator } from './intake/channel-locator.js';
export { LocalIntakes } from './intake/local-intakes.js';
export { parseRetryAfterMs } from './retry/retry-after.js';
