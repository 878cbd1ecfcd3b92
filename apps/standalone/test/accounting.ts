import { expect } from 'vitest';
import type { AppProcess } from './app-process.js';
import { eventually } from './eventually.js';

/** What became of the events of one Subscription, as the metrics of the process that delivers them tell it. */
export interface Account {
  /** `<namespace>/<channel>/<subscription>` */
  readonly subscription: string;
  readonly claimed: number;
  /** By settlement: `delivered`, `filtered`, `dead-lettered`, `dropped`, `released`. */
  readonly settled: Readonly<Record<string, number>>;
  readonly inFlight: number;
  /** Attempts that have ended, by HTTP status or by reason. */
  readonly attempts: Readonly<Record<string, number>>;
  /** The store's own account; undefined where the store keeps none in its process. */
  readonly store: StoreAccount | undefined;
}

export interface StoreAccount {
  readonly accepted: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly deadLettered: number;
  readonly dropped: number;
  readonly pending: number;
}

/** One line of Prometheus' text format. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The accounts of every Subscription that one of these processes delivers to. */
export async function readAccounts(apps: readonly AppProcess[]): Promise<Account[]> {
  const texts = await Promise.all(apps.map(async ({ management }) => (await fetch(`${management}/metrics`)).text()));
  return accountsIn(texts.join('\n'));
}

export async function readAccount(apps: readonly AppProcess[], subscription: string): Promise<Account> {
  const account = (await readAccounts(apps)).find((each) => each.subscription.endsWith(`/${subscription}`));
  if (!account) throw new Error(`no process tells an account of Subscription ${subscription}`);
  return account;
}

/**
 * The last assertion of a suite: once nothing is under way any more, every event that was accepted is in exactly one column, in the store's account
 * as in that of the deliveries, and the two agree.
 */
export async function expectBalanceAtRest(apps: readonly AppProcess[]): Promise<void> {
  const accounts = await eventually('nothing is pending or in flight', async () => {
    const now = await readAccounts(apps);
    return now.every(({ inFlight, store }) => inFlight === 0 && (store?.pending ?? 0) === 0) ? now : undefined;
  });
  expect(accounts.length).toBeGreaterThan(0);
  expect(accounts.flatMap(imbalances)).toEqual([]);
}

/** What does not add up, in words; nothing where all does. */
export function imbalances({ subscription, claimed, settled, inFlight, store }: Account): string[] {
  const ended = sum(Object.values(settled));
  const told: string[] = [];
  if (claimed !== ended + inFlight) {
    told.push(`${subscription}: claimed ${claimed} ≠ settled ${JSON.stringify(settled)} + in flight ${inFlight}`);
  }
  if (!store) return told;
  const { accepted, pending, delivered, filtered, deadLettered, dropped } = store;
  if (accepted !== delivered + filtered + deadLettered + dropped + pending) {
    told.push(`${subscription}: the store's account does not add up: ${JSON.stringify(store)}`);
  }
  // Dropped are more in the store: what nobody took from it.
  if (
    delivered !== settled['delivered'] ||
    filtered !== settled['filtered'] ||
    deadLettered !== settled['dead-lettered']
  ) {
    told.push(
      `${subscription}: the store says ${JSON.stringify(store)}, the deliveries say ${JSON.stringify(settled)}`,
    );
  }
  return told;
}

export function accountsIn(text: string): Account[] {
  const samples = text.split('\n').flatMap((line) => sampleIn(line) ?? []);
  const claims = samples.filter(({ name }) => name === 'millrace_delivery_events_claimed_total');
  return claims.map(({ labels, value }) => {
    const own = samples.filter((sample) => subscriptionOf(sample) === subscriptionOf({ labels }));
    return {
      subscription: subscriptionOf({ labels }),
      claimed: value,
      settled: valuesBy('settlement', 'millrace_delivery_events_settled_total', own),
      inFlight: total('millrace_delivery_events_in_flight', own),
      attempts: valuesBy('result', 'millrace_delivery_attempts_total', own),
      store: storeAccountIn(own),
    };
  });
}

function storeAccountIn(samples: readonly Sample[]): StoreAccount | undefined {
  if (!samples.some(({ name }) => name === 'millrace_store_events_accepted_total')) return undefined;
  return {
    accepted: total('millrace_store_events_accepted_total', samples),
    delivered: total('millrace_store_events_delivered_total', samples),
    filtered: total('millrace_store_events_filtered_total', samples),
    deadLettered: total('millrace_store_events_dead_lettered_total', samples),
    dropped: total('millrace_store_events_dropped_total', samples),
    pending: total('millrace_store_events_pending', samples),
  };
}

const LINE = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

function sampleIn(line: string): Sample | undefined {
  const [, name, labels = '', value] = LINE.exec(line) ?? [];
  if (name === undefined) return undefined;
  return {
    name,
    labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, key, text]) => [key, text])) as Sample['labels'],
    value: Number(value),
  };
}

function subscriptionOf({ labels }: Pick<Sample, 'labels'>): string {
  return [labels['namespace'], labels['channel'], labels['subscription']].join('/');
}

function valuesBy(label: string, metric: string, samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.filter(({ name }) => name === metric).map(({ labels, value }) => [labels[label] ?? '', value]),
  );
}

function total(metric: string, samples: readonly Sample[]): number {
  return sum(samples.filter(({ name }) => name === metric).map(({ value }) => value));
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
