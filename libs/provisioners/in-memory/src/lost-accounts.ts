import type { Clock, DriverSubscription, SubscriptionAccount } from '@millrace/eventing-api';

/** Longer than anybody waits between two scrapes. */
const KEPT_MS = 15 * 60_000;

/**
 * What Subscriptions that are gone took with them: of their accounts, the events that were not settled when they went. It is shown for a while longer: otherwise nobody would
 * ever see what was lost. What was settled before went with them, here as in the accounts of deliveries.
 */
export class LostAccounts {
  /** In the order in which they end. */
  private readonly kept: { readonly account: SubscriptionAccount; readonly untilMs: number }[] = [];

  constructor(private readonly clock: Clock) {}

  /** @param accounts those that have just been removed */
  add(accounts: Iterable<SubscriptionAccount>): void {
    this.forgetOld();
    const untilMs = this.clock.now() + KEPT_MS;
    for (const account of accounts) {
      const unsettled = new UnsettledAccount(account);
      if (unsettled.accepted > 0) this.kept.push({ account: unsettled, untilMs });
    }
  }

  accounts(): SubscriptionAccount[] {
    this.forgetOld();
    return this.kept.map(({ account }) => account);
  }

  private forgetOld(): void {
    const nowMs = this.clock.now();
    while (this.kept[0] && this.kept[0].untilMs <= nowMs) this.kept.shift();
  }
}

/** The account of a removed queue without what it had settled by then. Events that were handed out at that time may still settle. */
class UnsettledAccount implements SubscriptionAccount {
  private readonly before: Pick<SubscriptionAccount, 'delivered' | 'filtered' | 'deadLettered'>;

  constructor(private readonly whole: SubscriptionAccount) {
    const { delivered, filtered, deadLettered } = whole;
    this.before = { delivered, filtered, deadLettered };
  }

  get subscription(): DriverSubscription {
    return this.whole.subscription;
  }

  get accepted(): number {
    const { delivered, filtered, deadLettered } = this.before;
    return this.whole.accepted - delivered - filtered - deadLettered;
  }

  get delivered(): number {
    return this.whole.delivered - this.before.delivered;
  }

  get filtered(): number {
    return this.whole.filtered - this.before.filtered;
  }

  get deadLettered(): number {
    return this.whole.deadLettered - this.before.deadLettered;
  }

  get droppedByReason(): ReadonlyMap<string, number> {
    return this.whole.droppedByReason;
  }

  get pending(): number {
    return this.whole.pending;
  }
}
