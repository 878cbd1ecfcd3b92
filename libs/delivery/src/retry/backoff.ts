import type { ResolvedDelivery } from '@millrace/eventing-api';

/** How far a wait may be from the formula, either way. */
const JITTER = 0.2;

/**
 * Milliseconds to wait before retry `retryNumber` (1, 2, ...): `backoffDelay` times n (linear) or times 2^(n-1) (exponential), up to 20 % more or
 * less at random, and never more than `backoffMax`.
 *
 * @param random a number in [0, 1), as Math.random gives it
 */
export function backoffDelayMs(
  delivery: Pick<ResolvedDelivery, 'backoffPolicy' | 'backoffDelayMs' | 'backoffMaxMs'>,
  retryNumber: number,
  random: () => number,
): number {
  const factor = delivery.backoffPolicy === 'linear' ? retryNumber : 2 ** (retryNumber - 1);
  const delayMs = Math.min(delivery.backoffDelayMs * factor, delivery.backoffMaxMs);
  const jittered = delayMs * (1 - JITTER + 2 * JITTER * random());
  return Math.min(Math.round(jittered), delivery.backoffMaxMs);
}
