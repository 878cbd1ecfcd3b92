export { ATTEMPT_RESULT_REFERENCE } from './accounting/attempt-results.js';
export { DEAD_LETTER_OUTCOME_REFERENCE } from './accounting/dead-letter-outcomes.js';
export { DROP_REASON_REFERENCE } from './accounting/drop-reasons.js';
export { accountOf, imbalance } from './accounting/delivery-account.js';
export type { DeliveryAccount } from './accounting/delivery-account.js';
export {
  registerDeliveryMetrics,
  registerEngineMetrics,
  registerIntakeMetrics,
} from './accounting/register-metrics.js';
export type { SubscriptionCounters } from './accounting/subscription-counters.js';
export type { CircuitState } from './circuit/circuit-breaker.js';
export type { AttemptListener, AttemptRecord, Hop } from './deliver/attempt-listener.types.js';
export { DeliveryEngine } from './deliver/delivery-engine.js';
export type { DeliveryEngineOptions, EngineUsage } from './deliver/delivery-engine.js';
export type { DeliveryLimits } from './deliver/delivery-limits.js';
export type {
  DeadLetterOutcome,
  DeadLetterPlace,
  DeliveryHost,
  SubscriptionDelivery,
  SubscriptionTarget,
} from './deliver/subscription-delivery.types.js';
export type {
  ChannelAddress,
  ChannelIntake,
  IntakeRejection,
  IntakeRequest,
  IntakeResult,
} from './intake/channel-intake.types.js';
export { DEFAULT_INTAKE_LIMITS } from './intake/intake-limits.js';
export type { IntakeLimits } from './intake/intake-limits.js';
export { INTAKE_STATUS_REFERENCE } from './intake/intake-statuses.js';
export { IntakeServer } from './intake/intake-server.js';
export type { IntakeServerOptions } from './intake/intake-server.js';
export { ChannelLocator } from './intake/channel-locator.js';
export { LocalIntakes } from './intake/local-intakes.js';
