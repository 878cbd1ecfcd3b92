/** A DeliverySpec with every default filled in and every duration in milliseconds: what the delivery engine works with. */
export interface ResolvedDelivery {
  readonly retry: number;
  readonly backoffPolicy: 'linear' | 'exponential';
  readonly backoffDelayMs: number;
  readonly backoffMaxMs: number;
  readonly timeoutMs: number;
  /** 0 = ignore Retry-After. */
  readonly retryAfterMaxMs: number;
  readonly maxInFlight: number;
  /** `key`: events of one partition key one after the other. */
  readonly ordering: 'none' | 'key';
}
