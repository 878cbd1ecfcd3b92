import type { Clock } from '@millrace/eventing-api';
import type { SubscriptionCounters } from '../accounting/subscription-counters.js';
import type { DeadLetterDesk } from '../dead-letter/dead-letter-desk.js';
import type { FairShare } from '../sharing/fair-budget.js';
import type { AttemptListener } from './attempt-listener.types.js';
import type { HttpSender } from './http-sender.js';
import type { Route } from './route.js';

/** What the runs of a Subscription share. */
export interface RunContext {
  /** The target of attempts that start now. */
  readonly route: Route;
  /** Every run is being released. */
  readonly aborted: boolean;
  readonly counters: SubscriptionCounters;
  readonly sender: HttpSender;
  /** What the Subscription has of the attempts that the process makes at one time. */
  readonly attempts: FairShare;
  /** What the Subscription has of the bytes of answers that the process holds. */
  readonly answerBytes: FairShare;
  readonly deadLetters: DeadLetterDesk;
  readonly services: DeliveryServices;
}

/** What all deliveries of a process share. */
export interface DeliveryServices {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Does not throw. */
  readonly onAttempt: AttemptListener | undefined;
}

/** Why an event could not be delivered. */
export type GiveUpReason = 'loop' | 'retries-exhausted' | 'not-retryable';

/** Why an event is gone. */
export type DropReason = GiveUpReason | 'dead-letters-full';

/** How a run ended. */
export type RunOutcome =
  | { readonly outcome: 'delivered' }
  | {
      readonly outcome: 'dead-lettered';
      readonly by: 'sink' | 'place';
      readonly reason: GiveUpReason;
      readonly message: string;
    }
  | { readonly outcome: 'dropped'; readonly reason: DropReason; readonly message: string }
  | { readonly outcome: 'release' };
