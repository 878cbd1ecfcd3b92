import type { CircuitState } from '../circuit/circuit-breaker.js';
import type { SubscriptionDelivery } from '../deliver/subscription-delivery.types.js';

/**
 * What became of the events of one Subscription in this process, as plain data: the counters at one moment, and what its consumers are like.
 * `claimed = delivered + filtered + deadLettered + dropped + released + inFlight`, each measured on its own.
 */
export interface DeliveryAccount {
  readonly namespace: string;
  readonly channel: string;
  readonly subscription: string;
  readonly uid: string;
  readonly claimed: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly deadLettered: number;
  readonly deadLetteredBy: { readonly sink: number; readonly place: number };
  readonly dropped: number;
  readonly droppedByReason: Readonly<Record<string, number>>;
  readonly released: number;
  readonly inFlight: number;
  /** HTTP attempts at the subscriber, those under way included. */
  readonly attempts: number;
  /** Attempts that have ended, by HTTP status or by reason. */
  readonly attemptsByResult: Readonly<Record<string, number>>;
  /** Attempts that an open circuit spared. */
  readonly sparedAttempts: { readonly subscriber: number; readonly deadLetter: number };
  readonly replies: { readonly taken: number; readonly failed: number; readonly invalid: number };
  /** HTTP attempts at the dead letter sink that have ended, by HTTP status or by reason. */
  readonly sinkAttemptsByResult: Readonly<Record<string, number>>;
  /** Writes to the dead-letter place that have ended, by outcome. */
  readonly placeWritesByOutcome: Readonly<Record<string, number>>;
  readonly circuits: { readonly subscriber: CircuitState; readonly deadLetter: CircuitState };
  /** Why dead letters cannot be stored right now; absent while they can. */
  readonly deadLetterFault?: string | undefined;
}

/** The account of a delivery as it is now. */
export function accountOf(delivery: SubscriptionDelivery): DeliveryAccount {
  const { counters, target, deadLetterFault } = delivery;
  return {
    namespace: target.namespace,
    channel: target.channel,
    subscription: target.name,
    uid: target.uid,
    claimed: counters.claimed,
    delivered: counters.delivered,
    filtered: counters.filtered,
    deadLettered: counters.deadLettered,
    deadLetteredBy: { sink: counters.deadLetteredToSink, place: counters.deadLetteredToPlace },
    dropped: counters.dropped,
    droppedByReason: Object.fromEntries(counters.droppedByReason),
    released: counters.released,
    inFlight: counters.inFlight,
    attempts: counters.attempts,
    attemptsByResult: Object.fromEntries(counters.attemptsByResult),
    sparedAttempts: { subscriber: counters.sparedAttempts, deadLetter: counters.sparedSinkAttempts },
    replies: { taken: counters.replies, failed: counters.failedReplies, invalid: counters.invalidReplies },
    sinkAttemptsByResult: Object.fromEntries(counters.sinkAttemptsByResult),
    placeWritesByOutcome: Object.fromEntries(counters.placeWritesByOutcome),
    circuits: { subscriber: delivery.circuitState('subscriber'), deadLetter: delivery.circuitState('dead-letter') },
    ...(deadLetterFault === undefined ? {} : { deadLetterFault }),
  };
}

/** The terms that every event which was claimed is in exactly one of. */
type Terms = Pick<
  DeliveryAccount,
  'claimed' | 'delivered' | 'filtered' | 'deadLettered' | 'dropped' | 'released' | 'inFlight'
>;

/** Events that were claimed and are in no term of the account; negative where some are in two. 0 at every moment, or Millrace has a bug. */
export function imbalance(account: Terms): number {
  const { claimed, delivered, filtered, deadLettered, dropped, released, inFlight } = account;
  return claimed - (delivered + filtered + deadLettered + dropped + released + inFlight);
}
