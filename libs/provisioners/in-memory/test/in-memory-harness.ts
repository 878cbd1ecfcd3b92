import {
  silentLogger,
  systemClock,
  type ChannelDriver,
  type Clock,
  type DriverChannel,
  type DriverSubscription,
  type Parameters,
  type StoredEvent,
  type SubscriptionAccount,
} from '@millrace/eventing-api';
import type { ConformanceHarness } from '@millrace/conformance';
import { ManualClock } from '@millrace/testing';
import { inMemoryDriverProvider } from '../src/in-memory-provider.js';

/** An open in-memory store with one Channel to play with. */
export interface InMemoryHarness {
  readonly driver: ChannelDriver;
  readonly channel: DriverChannel;
  readonly subscription: (name: string) => DriverSubscription;
  readonly event: (id: string) => StoredEvent;
  readonly clock: ManualClock;
  readonly account: (name: string) => SubscriptionAccount;
}

export function testEvent(id: string, body = '{}'): StoredEvent {
  return {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'test',
    headers: [
      'content-type',
      'application/json',
      'ce-specversion',
      '1.0',
      'ce-id',
      id,
      'ce-source',
      '/test',
      'ce-type',
      'test',
    ],
    body: Buffer.from(body),
    mode: 'binary',
    transport: { hops: 1 },
  };
}

export async function openInMemory(parameters: Parameters = {}): Promise<InMemoryHarness> {
  const clock = new ManualClock();
  const context: { logger: typeof silentLogger; clock: Clock } = { logger: silentLogger, clock };
  const driver = await inMemoryDriverProvider.open(parameters, {}, context);
  const channel: DriverChannel = {
    namespace: 'default',
    name: 'orders',
    uid: 'uid-1',
    purpose: 'events',
    arguments: {},
  };
  const subscription = (name: string): DriverSubscription => ({ channel, name, uid: `uid-of-${name}` });
  return {
    driver,
    clock,
    channel,
    subscription,
    event: (id) => testEvent(id),
    account(name) {
      for (const account of driver.accounts?.() ?? []) if (account.subscription.name === name) return account;
      throw new Error(`no account of ${name}`);
    },
  };
}

/** What the conformance suite needs of the driver with these parameters. Every instance is a store of its own. */
export function inMemoryHarness(parameters: Parameters = {}): ConformanceHarness {
  const { driver, capabilities } = inMemoryDriverProvider;
  const settings = Object.entries(parameters).map(([name, value]) => `${name}: ${String(value)}`);
  const open = (more: Parameters = {}) =>
    inMemoryDriverProvider.open({ ...parameters, ...more }, {}, { logger: silentLogger, clock: systemClock });
  return {
    name: settings.length === 0 ? driver : `${driver} (${settings.join(', ')})`,
    ...{ provider: inMemoryDriverProvider, parameters },
    capabilities: inMemoryDriverProvider.capabilitiesFor?.(parameters) ?? capabilities,
    patienceMs: 10_000,
    open: () => open(),
    openBounded: (maxQueuedEvents) => open({ maxQueuedEvents }),
  };
}
