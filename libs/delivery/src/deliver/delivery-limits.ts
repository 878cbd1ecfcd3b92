/** What deliveries may spend on consumers. */
export interface DeliveryLimits {
  /**
   * Connections of one Subscription to one consumer (scheme, host and port), and so its attempts at one time. `maxInFlight` is what bounds them as a rule; attempts
   * beyond this wait before their time begins to run.
   */
  readonly connectionsPerOrigin: number;
  /** Bytes of one answer that are read; a larger one is a failed attempt. */
  readonly maxResponseBytes: number;
  /** Attempts under way at one time, over all Subscriptions; each may always make one. The others wait, before their time begins to run. */
  readonly attemptsUnderWay: number;
  /** Bytes of answers held at one time because they may be replies, over all Subscriptions; each may always hold one answer. Others are read later. */
  readonly answerBytesHeld: number;
}

export const DEFAULT_DELIVERY_LIMITS: DeliveryLimits = {
  connectionsPerOrigin: 512,
  maxResponseBytes: 1024 * 1024,
  attemptsUnderWay: 4096,
  answerBytesHeld: 64 * 1024 * 1024,
};
