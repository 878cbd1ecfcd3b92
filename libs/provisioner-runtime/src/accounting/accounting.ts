import { accountOf, imbalance, type DeliveryAccount, type DeliveryEngine } from '@millrace/delivery';
import type { SubscriptionAccount } from '@millrace/eventing-api';
import { deadLettersWaiting } from '../dead-letters/dead-letters-waiting.js';
import type { StoreHost } from '../stores/store-host.js';

/** What became of the events that this process took from a store for one Subscription. */
export interface ProcessAccounting extends Omit<DeliveryAccount, 'namespace' | 'channel' | 'subscription'> {
  /** Whether each event that was claimed is in exactly one of the other figures. */
  readonly balanced: boolean;
}

/** What became of the events that a store in this process accepted for one Subscription. */
export interface StoreAccounting {
  readonly accepted: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly deadLettered: number;
  readonly dropped: number;
  readonly droppedByReason: Readonly<Record<string, number>>;
  readonly pending: number;
  /** Whether each event that was accepted is in exactly one of the other figures. */
  readonly balanced: boolean;
}

export interface SubscriptionAccounting {
  readonly namespace: string;
  readonly channel: string;
  readonly subscription: string;
  /** Absent where this process does not deliver to it. */
  process?: ProcessAccounting;
  /** Absent where the store is elsewhere. */
  store?: StoreAccounting;
  /** Absent where there never was one, or the store cannot tell. */
  deadLettersWaiting?: number;
}

/** The page `GET /accounting` of the management port. */
export interface Accounting {
  /** Whether every account balances: if not, Millrace has lost track of an event. */
  readonly balanced: boolean;
  readonly subscriptions: readonly SubscriptionAccounting[];
}

type Key = Pick<SubscriptionAccounting, 'namespace' | 'channel' | 'subscription'>;

/** The accounts of this process as they are now: all of one moment, but for the letters, which stores are asked for. */
export async function readAccounting(engine: DeliveryEngine, stores: StoreHost): Promise<Accounting> {
  const subscriptions = new Map<string, SubscriptionAccounting>();
  const of = ({ namespace, channel, subscription }: Key): SubscriptionAccounting => {
    const key = `${namespace}/${channel}/${subscription}`;
    const accounting = subscriptions.get(key) ?? { namespace, channel, subscription };
    subscriptions.set(key, accounting);
    return accounting;
  };
  for (const delivery of engine.deliveries()) {
    const { namespace, channel, subscription, ...account } = accountOf(delivery);
    of({ namespace, channel, subscription }).process = { ...account, balanced: imbalance(account) === 0 };
  }
  for (const account of stores.accounts()) {
    const { channel, name } = account.subscription;
    const accounting = of({ namespace: channel.namespace, channel: channel.name, subscription: name });
    accounting.store = storeAccounting(account, accounting.store);
  }
  for (const { waiting, ...key } of await deadLettersWaiting(stores)) of(key).deadLettersWaiting = waiting;
  const all = [...subscriptions.values()];
  const balanced = all.every(({ process, store }) => process?.balanced !== false && store?.balanced !== false);
  return { balanced, subscriptions: all };
}

/** A Subscription that was made anew adds to the account of its namesake. */
function storeAccounting(account: SubscriptionAccount, before: StoreAccounting | undefined): StoreAccounting {
  const { accepted, delivered, filtered, deadLettered, pending } = account;
  const dropped = [...account.droppedByReason.values()].reduce((sum, count) => sum + count, 0);
  const droppedByReason = { ...before?.droppedByReason };
  for (const [reason, count] of account.droppedByReason) {
    droppedByReason[reason] = (droppedByReason[reason] ?? 0) + count;
  }
  return {
    accepted: accepted + (before?.accepted ?? 0),
    delivered: delivered + (before?.delivered ?? 0),
    filtered: filtered + (before?.filtered ?? 0),
    deadLettered: deadLettered + (before?.deadLettered ?? 0),
    dropped: dropped + (before?.dropped ?? 0),
    droppedByReason,
    pending: pending + (before?.pending ?? 0),
    balanced: accepted === delivered + filtered + deadLettered + dropped + pending && (before?.balanced ?? true),
  };
}
