import type { SubscriptionAccount } from '@millrace/eventing-api';
import { expect } from 'vitest';
import type { ConformanceSubject } from './conformance-subject.js';

/** An account as it is now, with the accounts of one name added up. */
export interface AccountNow {
  readonly accepted: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly deadLettered: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly pending: number;
}

/** The account of a Subscription to the Channel of the subject; all zero where there is none. Checks that it balances. */
export function accountOf({ driver, channel }: ConformanceSubject, name: string): AccountNow {
  const total = { accepted: 0, delivered: 0, filtered: 0, deadLettered: 0, pending: 0 };
  const dropped: Record<string, number> = {};
  for (const account of driver.accounts?.() ?? []) {
    const { subscription } = account;
    if (subscription.channel.uid !== channel.uid || subscription.name !== name) continue;
    expectBalance(account);
    for (const term of Object.keys(total) as (keyof typeof total)[]) total[term] += account[term];
    for (const [reason, count] of account.droppedByReason) dropped[reason] = (dropped[reason] ?? 0) + count;
  }
  return { ...total, dropped };
}

function expectBalance(account: SubscriptionAccount): void {
  const dropped = [...account.droppedByReason.values()].reduce((sum, count) => sum + count, 0);
  const { delivered, filtered, deadLettered, pending } = account;
  expect(
    delivered + filtered + deadLettered + dropped + pending,
    'delivered + filtered + deadLettered + dropped + pending, which should be accepted',
  ).toBe(account.accepted);
}
