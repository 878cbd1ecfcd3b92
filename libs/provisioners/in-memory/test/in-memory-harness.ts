import {
  silentLogger,
  type ChannelDriver,
  type Clock,
  type DriverChannel,
  type DriverSubscription,
  type Parameters,
  type StoredEvent,
  type SubscriptionAccount,
} from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import { inMemoryDriverProvider } from '../src/in-memory-provider.js';
import type { DriverUnderTest } from './driver-requirements.js';

/** An open in-memory store with one Channel to play with. */
export interface InMemoryHarness extends DriverUnderTest {
  readonly driver: ChannelDriver;
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
