import type { Clock, SubscriptionAccount } from '@millrace/eventing-api';

/** Longer than anybody waits between two scrapes. */
const KEPT_MS = 15 * 60_000;

/**
 * The accounts of Subscriptions that are gone and took undelivered events with them. They are shown for a while longer: otherwise nobody would ever see
 * what was lost with them. Of one that lost nothing there is nothing to see.
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
      if (account.pending > 0 || account.droppedByReason.size > 0) this.kept.push({ account, untilMs });
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
