import { randomUUID } from 'node:crypto';
import { findBroker, type Broker, type BrokerNeeds } from '@millrace/brokers';
import {
  systemClock,
  type ChannelDriver,
  type DriverChannel,
  type DriverSubscription,
  type Logger,
  type LogFields,
  type Parameters,
  type SecretValues,
  type StoredEvent,
} from '@millrace/eventing-api';
import kafkajs, { Kafka, type Admin, type SASLOptions } from 'kafkajs';
import { afterAll, expect, onTestFinished, vi } from 'vitest';
import { kafkaDriverProvider } from '../src/kafka-provider.js';

/** Enough for a loaded machine. */
const PATIENCE_MS = 45_000;

vi.setConfig({ testTimeout: 8 * PATIENCE_MS, hookTimeout: 2 * PATIENCE_MS });

const SOURCE = '/millrace/kafka';

/** A broker for the tests of a file, or why there is none. */
export async function brokerFor(
  needs: BrokerNeeds = {},
): Promise<{ readonly broker?: Broker; readonly notRun?: string }> {
  const broker = await findBroker('kafka', needs);
  if ('notRun' in broker) return broker;
  afterAll(() => broker.stop());
  return { broker };
}

/** Everything that a driver logs, as text. */
export class RecordingLog implements Logger {
  readonly lines: string[] = [];
  debug = (message: string, fields?: LogFields) => this.note(message, fields);
  info = this.debug;
  warn = this.debug;
  error = this.debug;
  child = (): Logger => this;

  private note(message: string, fields?: LogFields): void {
    this.lines.push(`${message} ${JSON.stringify(fields)}`);
  }
}

export interface OpenSettings {
  readonly parameters?: Parameters;
  readonly secrets?: SecretValues;
  readonly logger?: Logger;
}

/** The driver on a broker, until the test ends. */
export async function openStore(broker: Broker, settings: OpenSettings = {}): Promise<ChannelDriver> {
  const { parameters, secrets = {}, logger = new RecordingLog() } = settings;
  const all = { brokers: broker.addresses, ...parameters };
  const driver = await kafkaDriverProvider.open(all, secrets, { logger, clock: systemClock });
  onTestFinished(() => driver.close());
  return driver;
}

/** A client that knows nothing of Millrace. */
export function foreignKafka(broker: Broker, sasl?: SASLOptions): Kafka {
  return new Kafka({
    clientId: 'foreign',
    brokers: [...broker.addresses],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 8 },
    ...(sasl && { sasl }),
  });
}

export async function foreignAdmin(broker: Broker): Promise<Admin> {
  const admin = foreignKafka(broker).admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  return admin;
}

export function newChannel(given: Parameters = {}, purpose: DriverChannel['purpose'] = 'events'): DriverChannel {
  return { namespace: 'default', name: 'orders', uid: randomUUID(), purpose, arguments: given };
}

export function subscriptionTo(channel: DriverChannel, name = 'a'): DriverSubscription {
  return { channel, name, uid: randomUUID() };
}

export function event(id: string, key?: string, body = '{}'): StoredEvent {
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: 'test',
    partitionKey: key,
    headers: [
      ...[
        'content-type',
        'application/json',
        'ce-specversion',
        '1.0',
        'ce-id',
        id,
        'ce-source',
        SOURCE,
        'ce-type',
        'test',
      ],
      ...(key === undefined ? [] : ['ce-partitionkey', key]),
    ],
    body: Buffer.from(body),
    mode: 'binary',
    transport: { hops: 1 },
  };
}

/** Stores events one after the other. */
export async function store(driver: ChannelDriver, channel: DriverChannel, ...events: StoredEvent[]): Promise<void> {
  for (const one of events) {
    const result = await driver.publish(channel, one, undefined);
    if (result.outcome !== 'stored') throw new Error(`${one.id} was refused: ${result.message}`);
  }
}

/** Makes a Channel, and takes an event from a publish to a subscriber. */
export async function passOneEvent(driver: ChannelDriver): Promise<void> {
  const channel = newChannel();
  const subscription = subscriptionTo(channel);
  await eventually(() => driver.ensureChannel(channel));
  await driver.ensureSubscription(subscription, 'earliest');
  await store(driver, channel, event('1'));
  const taken: string[] = [];
  const take = ({ id }: { readonly id: string }) => {
    taken.push(id);
    return Promise.resolve('delivered' as const);
  };
  const consumption = driver.consume(subscription, take, { maxInFlight: 1 });
  await eventually(() => expect(taken).toEqual(['1']));
  await consumption.stop(AbortSignal.abort());
}

/** Waits until the assertions hold. */
export function eventually<T>(assertions: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertions, { timeout: PATIENCE_MS, interval: 20 });
}
