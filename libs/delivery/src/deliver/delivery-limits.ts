/** What a Subscription may spend on its consumers. */
export interface DeliveryLimits {
  /**
   * Connections of one Subscription to one consumer (scheme, host and port). `maxInFlight` is what bounds them as a rule; attempts beyond this wait
   * for a connection before their time begins to run.
   */
  readonly connectionsPerOrigin: number;
  /** Bytes of one answer that are read; a larger one is a failed attempt. */
  readonly maxResponseBytes: number;
}

export const DEFAULT_DELIVERY_LIMITS: DeliveryLimits = { connectionsPerOrigin: 512, maxResponseBytes: 1024 * 1024 };
