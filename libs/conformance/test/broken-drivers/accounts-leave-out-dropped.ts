import type { ChannelDriver } from '@millrace/eventing-api';
import type { BrokenDriver } from './broken-driver.types.js';
import { WrappedDriver } from './wrapped-driver.js';

class AccountsLeaveOutDropped extends WrappedDriver {
  override readonly accounts: () => Iterable<ReturnType<typeof withoutDropped>>;

  constructor(inner: ChannelDriver) {
    super(inner);
    this.accounts = () => [...inner.accounts!()].map(withoutDropped);
  }
}

type Account = ReturnType<NonNullable<ChannelDriver['accounts']>> extends Iterable<infer A> ? A : never;

function withoutDropped(account: Account): Account {
  const { subscription, accepted, delivered, filtered, deadLettered, pending } = account;
  return { subscription, accepted, delivered, filtered, deadLettered, pending, droppedByReason: new Map() };
}

export const accountsLeaveOutDropped: BrokenDriver = {
  fault: 'leaves out of its accounts what was dropped',
  madeOf: 'in-memory',
  foundOutBy: ['accounts/balance', 'accounts/terms', 'accounts/gone'],
  alsoFails: ['detach/gives-way'],
  breakDriver: (inner) => new AccountsLeaveOutDropped(inner),
};
