import { randomUUID } from 'node:crypto';
import { findBroker, type Broker, type BrokerNeeds } from '@millrace/brokers';
import {
  silentLogger,
  systemClock,
  type ChannelDriver,
  type Claim,
  type Consumption,
  type DriverChannel,
  type DriverSubscription,
  type Logger,
  type Parameters,
  type SecretValues,
  type Settlement,
  type StoredEvent,
} from '@millrace/eventing-api';
import { expect, vi } from 'vitest';
import { natsDriverProvider } from '../src/index.js';

/** A server of its own for a file of tests; undefined where none can be had: then they are not run. */
export async function ownBroker(needs: BrokerNeeds = {}): Promise<Broker | undefined> {
  const broker = await findBroker('nats', { ...needs, faults: true });
  if (!('notRun' in broker)) return broker;
  process.stderr.write(`not run: ${broker.notRun}\n`);
  return undefined;
}

export interface OpenOptions {
  readonly parameters?: Parameters;
  readonly secrets?: SecretValues;
  readonly logger?: Logger;
}

export function openStore(servers: readonly string[], options: OpenOptions = {}): Promise<ChannelDriver> {
  const { parameters = {}, secrets = {}, logger = silentLogger } = options;
  return natsDriverProvider.open({ servers, ackWait: 'PT1.5S', ...parameters }, secrets, {
    logger,
    clock: systemClock,
  });
}

export function newChannel(variation: Partial<DriverChannel> = {}): DriverChannel {
  return { namespace: 'default', name: 'orders', uid: randomUUID(), purpose: 'events', arguments: {}, ...variation };
}

export function subscriptionOf(channel: DriverChannel, name = 'audit'): DriverSubscription {
  return { channel, name, uid: randomUUID() };
}

export function testEvent(id: string, partitionKey?: string): StoredEvent {
  const key = partitionKey === undefined ? [] : ['ce-partitionkey', partitionKey];
  return {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'test',
    partitionKey,
    headers: [
      ...['content-type', 'application/json', 'ce-specversion', '1.0', 'ce-id', id, 'ce-source', '/test'],
      ...['ce-type', 'test', ...key],
    ],
    body: Buffer.from('{}'),
    mode: 'binary',
    transport: { hops: 1 },
  };
}

export async function stored(driver: ChannelDriver, channel: DriverChannel, event: StoredEvent): Promise<void> {
  expect(await driver.publish(channel, event, undefined)).toEqual({ outcome: 'stored' });
}

/** What one process handed out, and how it settled it. */
export class Reader {
  readonly events: StoredEvent[] = [];
  readonly claims: Claim[] = [];

  constructor(
    private readonly settle: (event: StoredEvent, claim: Claim) => Promise<Settlement> | Settlement = () => 'delivered',
  ) {}

  get ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  readonly handle = async (event: StoredEvent, claim: Claim): Promise<Settlement> => {
    this.events.push(event);
    this.claims.push(claim);
    return this.settle(event, claim);
  };

  read(driver: ChannelDriver, subscription: DriverSubscription, maxInFlight = 16): Consumption {
    return driver.consume(subscription, this.handle, { maxInFlight });
  }
}

/** A handler that waits until its claim is lost. */
export function untilLost(_: StoredEvent, { signal }: Claim): Promise<Settlement> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('release')));
}

/** Makes a Channel, and takes an event from a publish to a subscriber. */
export async function passOneEvent(driver: ChannelDriver): Promise<void> {
  const channel = newChannel();
  const subscription = subscriptionOf(channel);
  await driver.ensureChannel(channel);
  await driver.ensureSubscription(subscription, 'earliest');
  await stored(driver, channel, testEvent('1'));
  const reader = new Reader();
  const consumption = reader.read(driver, subscription);
  await vi.waitFor(() => expect(reader.ids).toEqual(['1']), { timeout: 30_000, interval: 20 });
  await consumption.stop(AbortSignal.abort());
}
