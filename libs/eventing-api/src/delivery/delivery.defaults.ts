import type { DeliverySpec } from './delivery.schema.js';
import { parseDurationMs } from './duration.js';
import type { ResolvedDelivery } from './resolved-delivery.types.js';

/** How events are delivered where nobody says otherwise, on every store. */
export const DELIVERY_DEFAULTS: ResolvedDelivery = {
  retry: 10,
  backoffPolicy: 'exponential',
  backoffDelayMs: 200,
  backoffMaxMs: 60_000,
  timeoutMs: 30_000,
  retryAfterMaxMs: 300_000,
  maxInFlight: 64,
  ordering: 'none',
};

/** The delivery of a Subscription where it has one of its own, which takes the place of the Channel's as a whole; an empty one says nothing. */
export function ownOrInherited(
  own: DeliverySpec | undefined,
  inherited: DeliverySpec | undefined,
): DeliverySpec | undefined {
  return own === undefined || Object.keys(own).length === 0 ? inherited : own;
}

/**
 * Fills in what a DeliverySpec leaves open, from `defaults` and then from DELIVERY_DEFAULTS. A duration that does not parse counts as left
 * open: admission has refused it long before, and data planes must not stop for one bad entry.
 */
export function resolveDelivery(
  spec: DeliverySpec | undefined,
  defaults: Partial<ResolvedDelivery> = {},
): ResolvedDelivery {
  const fallback = { ...DELIVERY_DEFAULTS, ...defaults };
  const durationMs = (text: string | undefined, otherwise: number) =>
    (text === undefined ? undefined : parseDurationMs(text)) ?? otherwise;
  return {
    retry: spec?.retry ?? fallback.retry,
    backoffPolicy: spec?.backoffPolicy ?? fallback.backoffPolicy,
    backoffDelayMs: durationMs(spec?.backoffDelay, fallback.backoffDelayMs),
    backoffMaxMs: durationMs(spec?.backoffMax, fallback.backoffMaxMs),
    timeoutMs: durationMs(spec?.timeout, fallback.timeoutMs),
    retryAfterMaxMs: durationMs(spec?.retryAfterMax, fallback.retryAfterMaxMs),
    maxInFlight: spec?.maxInFlight ?? fallback.maxInFlight,
    ordering: spec?.ordering ?? fallback.ordering,
  };
}
