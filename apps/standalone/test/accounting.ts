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
  /** Dead letters that its store keeps. */
  readonly deadLettersWaiting: number;
}

export interface StoreAccount {
  readonly accepted: number;
  readonly delivered: number;
  readonly filtered: number;
  readonly deadLettered: number;
  readonly dropped: number;
  readonly pending: number;
}

/** One Subscription on the page `/accounting`, as far as suites look at it. */
export interface AccountingEntry {
  readonly subscription: string;
  readonly process?: {
    readonly deadLetteredBy: { readonly sink: number; readonly place: number };
    readonly attempts: number;
    readonly sinkAttemptsByResult: Readonly<Record<string, number>>;
    readonly replies: { readonly taken: number; readonly failed: number };
    readonly balanced: boolean;
  };
  readonly store?: StoreAccount & { readonly balanced: boolean };
  readonly deadLettersWaiting?: number;
}

interface AccountingPage {
  readonly balanced: boolean;
  readonly subscriptions: readonly AccountingEntry[];
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

/** What the page `/accounting` of the process that delivers to a Subscription says of it. */
export async function readAccountingEntry(
  apps: readonly AppProcess[],
  subscription: string,
): Promise<AccountingEntry | undefined> {
  const pages = await readAccountingPages(apps);
  return pages.flatMap(({ subscriptions }) => subscriptions).find((entry) => entry.subscription === subscription);
}

/** Names of Subscriptions that were deleted: their events wait for one that is made anew. */
export interface Rest {
  readonly deleted?: readonly string[];
}

/**
 * The last assertion of a test: once nothing is under way any more, every event that was accepted is in exactly one column, in the store's account
 * as in that of the deliveries, the two agree, and the processes say of themselves that they balance.
 */
export async function expectBalanceAtRest(apps: readonly AppProcess[], { deleted = [] }: Rest = {}): Promise<void> {
  const waits = ({ subscription, inFlight, store }: Account) =>
    inFlight > 0 || ((store?.pending ?? 0) > 0 && !deleted.some((name) => subscription.endsWith(`/${name}`)));
  const accounts = await eventually('nothing is pending or in flight', async () => {
    const now = await readAccounts(apps);
    return now.some(waits) ? undefined : now;
  });
  expect(accounts.length).toBeGreaterThan(0);
  expect(accounts.flatMap(imbalances)).toEqual([]);
  const pages = await readAccountingPages(apps);
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.every(({ balanced }) => balanced)).toBe(true);
}

/** Of those of these processes that have one. */
async function readAccountingPages(apps: readonly AppProcess[]): Promise<AccountingPage[]> {
  const answers = await Promise.all(apps.map(({ management }) => fetch(`${management}/accounting`)));
  return Promise.all(answers.filter(({ ok }) => ok).map(async (page) => (await page.json()) as AccountingPage));
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
    delivered !== (settled['delivered'] ?? 0) ||
    filtered !== (settled['filtered'] ?? 0) ||
    deadLettered !== (settled['dead-lettered'] ?? 0)
  ) {
    told.push(
      `${subscription}: the store says ${JSON.stringify(store)}, the deliveries say ${JSON.stringify(settled)}`,
    );
  }
  return told;
}

const CLAIMED = 'millrace_delivery_events_claimed_total';
const ACCEPTED = 'millrace_store_events_accepted_total';

export function accountsIn(text: string): Account[] {
  const samples = text.split('\n').flatMap((line) => sampleIn(line) ?? []);
  // One that was never delivered to is known to its store alone.
  const told = samples.filter(({ name }) => name === CLAIMED || name === ACCEPTED);
  return [...new Set(told.map(subscriptionOf))].map((subscription) => {
    const own = samples.filter((sample) => subscriptionOf(sample) === subscription);
    return {
      subscription,
      claimed: total(CLAIMED, own),
      settled: valuesBy('settlement', 'millrace_delivery_events_settled_total', own),
      inFlight: total('millrace_delivery_events_in_flight', own),
      attempts: valuesBy('result', 'millrace_delivery_attempts_total', own),
      store: storeAccountIn(own),
      deadLettersWaiting: total('millrace_dead_letters_waiting', own),
    };
  });
}

function storeAccountIn(samples: readonly Sample[]): StoreAccount | undefined {
  if (!samples.some(({ name }) => name === ACCEPTED)) return undefined;
  return {
    accepted: total(ACCEPTED, samples),
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
