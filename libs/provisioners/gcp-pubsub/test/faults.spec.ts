import type { ChannelDriver, DriverChannel, DriverSubscription } from '@millrace/eventing-api';
import { RecordingHandler, testEvent } from '@millrace/conformance';
import { describe, expect, vi } from 'vitest';
import { subscriptionName } from '../src/names.js';
import { newChannel, standInTest, subscriptionOf } from './stand-in.js';

const test = standInTest({ faults: true });
const LIMIT = { timeout: 30_000 };
/** What the contract gives a publish, and something for a loaded machine. */
const PUBLISH_LIMIT_MS = 12_000;

async function ready(driver: ChannelDriver): Promise<[DriverChannel, DriverSubscription]> {
  const channel = newChannel();
  const subscription = subscriptionOf(channel);
  await driver.ensureChannel(channel);
  await driver.ensureSubscription(subscription, 'now');
  return [channel, subscription];
}

/** Milliseconds that something takes, and what comes of it. */
async function timed<T>(doing: Promise<T>): Promise<[number, T]> {
  const begin = performance.now();
  const result = await doing;
  return [performance.now() - begin, result];
}

describe('a subscription that somebody deletes', { timeout: 120_000 }, () => {
  test('ends its consumption, also while the handler has its hands full', async ({ standIn }) => {
    if (standIn.broker.lacks.includes('deletion notice')) return;
    const [channel, subscription] = await ready(standIn.driver);
    const handler = new RecordingHandler();
    const consumption = standIn.driver.consume(subscription, handler.handle, { maxInFlight: 1 });
    await standIn.driver.publish(channel, testEvent('1'), undefined);
    await vi.waitFor(() => expect(handler.ids).toEqual(['1']), LIMIT);
    await standIn.foreign.subscription(subscriptionName(subscription)).delete();
    await expect(consumption.closed).rejects.toThrow(/is gone from Pub\/Sub/);
    expect(handler.claims[0]?.signal.aborted).toBe(true);
    await standIn.driver.ensureSubscription(subscription, 'now');
    const next = new RecordingHandler('delivered');
    standIn.driver.consume(subscription, next.handle, { maxInFlight: 1 });
    await standIn.driver.publish(channel, testEvent('2'), undefined);
    await vi.waitFor(() => expect(next.ids).toEqual(['2']), LIMIT);
  });
});

describe('a store that does not answer', { timeout: 180_000 }, () => {
  test('gets every publish an answer within its time, and takes events again afterwards, of the same key too', async ({
    standIn,
  }) => {
    const { driver, broker } = standIn;
    const [channel, subscription] = await ready(driver);
    const handler = new RecordingHandler('delivered');
    driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await driver.publish(channel, testEvent('before', { partitionKey: 'k' }), undefined);
    broker.nodes[0]?.freeze();
    const hurried = AbortSignal.timeout(300);
    const [soon, early] = await timed(driver.publish(channel, testEvent('hurried'), hurried));
    expect(early).toMatchObject({ outcome: 'refused', code: 'timeout' });
    expect(soon).toBeLessThan(5000);
    const [late, answer] = await timed(driver.publish(channel, testEvent('1', { partitionKey: 'k' }), undefined));
    expect(answer).toMatchObject({ outcome: 'refused', code: 'timeout' });
    expect(late).toBeLessThan(PUBLISH_LIMIT_MS);
    const [probe, health] = await timed(driver.health());
    expect(health.status).toBe('down');
    expect(probe).toBeLessThan(2500);
    broker.nodes[0]?.thaw();
    await vi.waitFor(
      async () => {
        const again = testEvent('after', { partitionKey: 'k' });
        expect(await driver.publish(channel, again, undefined)).toEqual({ outcome: 'stored' });
      },
      { timeout: 60_000, interval: 200 },
    );
    await vi.waitFor(() => expect(handler.distinctIds).toContain('after'), LIMIT);
    await vi.waitFor(async () => expect(await driver.health()).toEqual({ status: 'up' }), LIMIT);
  });

  test('does not hold up a stop', async ({ standIn }) => {
    const { driver, broker } = standIn;
    const [channel, subscription] = await ready(driver);
    const handler = new RecordingHandler();
    const consumption = driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await driver.publish(channel, testEvent('1'), undefined);
    await vi.waitFor(() => expect(handler.ids).toEqual(['1']), LIMIT);
    broker.nodes[0]?.freeze();
    const [stop] = await timed(consumption.stop(AbortSignal.abort()));
    expect(stop).toBeLessThan(2500);
    broker.nodes[0]?.thaw();
  });

  test('is told by the methods that make something, in its own words, within 30 s', async ({ standIn }) => {
    const { driver, broker } = standIn;
    broker.nodes[0]?.freeze();
    const [waited, error] = await timed(driver.ensureChannel(newChannel()).catch((thrown: unknown) => thrown as Error));
    broker.nodes[0]?.thaw();
    expect((error as Error).message).toMatch(/could not be read: .*DEADLINE_EXCEEDED/);
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(waited).toBeLessThan(30_000);
  });
});

describe('a store that goes away', { timeout: 240_000 }, () => {
  test('and comes back with nothing is told, and works again once everything is ensured anew', async ({ standIn }) => {
    const { driver, broker } = standIn;
    const [channel, subscription] = await ready(driver);
    const consumption = driver.consume(subscription, new RecordingHandler('delivered').handle, { maxInFlight: 10 });
    consumption.closed.catch(() => {});
    await broker.nodes[0]?.kill();
    const refused = await driver.publish(channel, testEvent('1'), undefined);
    expect(refused).toMatchObject({
      outcome: 'refused',
      code: 'unavailable',
      message: expect.stringContaining('UNAVAILABLE'),
    });
    await vi.waitFor(async () => expect((await driver.health()).status).toBe('down'), LIMIT);
    await expect(driver.ensureChannel(channel)).rejects.toThrow(/could not be read: .*UNAVAILABLE/);
    await expect(standIn.open()).resolves.toBeDefined();
    await broker.nodes[0]?.start();
    await expect(consumption.closed).rejects.toThrow(/gone/);
    await vi.waitFor(() => driver.ensureChannel(channel), LIMIT);
    await driver.ensureSubscription(subscription, 'now');
    const handler = new RecordingHandler('delivered');
    driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await driver.publish(channel, testEvent('2'), undefined);
    await vi.waitFor(() => expect(handler.ids).toEqual(['2']), LIMIT);
  });
});

describe('an event that is larger than Pub/Sub takes', () => {
  test('is refused at once, where the client would try for minutes', async ({ standIn }) => {
    const [channel] = await ready(standIn.driver);
    const body = Buffer.alloc(11_000_000);
    const [waited, answer] = await timed(standIn.driver.publish(channel, testEvent('1', { body }), undefined));
    expect(answer).toMatchObject({ outcome: 'refused', code: 'too-large' });
    expect(waited).toBeLessThan(1000);
  });
});
