import { RecordingHandler } from '@millrace/conformance';
import { afterEach, describe, expect, it } from 'vitest';
import { topicName } from '../src/names.js';
import { partitionOfKey } from '../src/publishing/murmur2.js';
import {
  brokerFor,
  event,
  eventually,
  foreignAdmin,
  newChannel,
  openStore,
  store,
  subscriptionTo,
} from './open-store.js';

const { broker, notRun } = await brokerFor({ faults: true });
const node = broker?.nodes[0];

describe.runIf(node)('in a fault', () => {
  if (!broker || !node) return;
  afterEach(async () => {
    node.thaw();
    // It has to find itself and its clients again.
    const driver = await openStore(broker);
    await eventually(() => driver.ensureChannel(newChannel()));
  });

  it('a consumption ends, and says so, when its topic is deleted by somebody else', async () => {
    const driver = await openStore(broker);
    const [channel, other] = [newChannel(), newChannel()];
    const [lost, kept] = [subscriptionTo(channel), subscriptionTo(other)];
    const handler = new RecordingHandler('delivered');
    for (const subscription of [lost, kept]) {
      await driver.ensureChannel(subscription.channel);
      await driver.ensureSubscription(subscription, 'now');
      await store(driver, subscription.channel, event('1'));
    }
    const consumption = driver.consume(lost, handler.handle, { maxInFlight: 10 });
    await eventually(() => expect(handler.ids).toEqual(['1']));
    let loss: unknown;
    consumption.closed.catch((error: unknown) => (loss = error));
    const admin = await foreignAdmin(broker);
    await admin.deleteTopics({ topics: [topicName(channel)] });
    await eventually(() => expect(String(loss)).toContain('was deleted'));
    await eventually(async () => {
      expect(await driver.publish(channel, event('2'), undefined)).toMatchObject({ code: 'not-found' });
    });
    // What else is asked of the broker does not suffer.
    await store(driver, other, event('2'));
    await eventually(async () => expect(await driver.backlog(kept)).toMatchObject({ pending: 2 }));
    await driver.ensureChannel(newChannel());
  });

  it('a broker that hangs is told in time, and what waited goes on when it comes back', async () => {
    const driver = await openStore(broker);
    const channel = newChannel();
    const subscription = subscriptionTo(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    const handler = new RecordingHandler();
    const consumption = driver.consume(subscription, handler.handle, { maxInFlight: 10 });
    await store(driver, channel, event('before'));
    await eventually(() => expect(handler.ids).toEqual(['before']));

    node.freeze();
    const began = Date.now();
    const time = new AbortController();
    const impatient = driver.publish(channel, event('impatient'), time.signal);
    const patient = driver.publish(channel, event('patient'), undefined);
    time.abort();
    expect(await impatient).toMatchObject({ code: 'timeout' });
    expect(Date.now() - began).toBeLessThan(1000);
    expect(await patient).toMatchObject({ outcome: 'refused' });
    expect(Date.now() - began).toBeLessThan(11_000);
    await eventually(async () => expect(await driver.health()).toMatchObject({ status: 'down' }));
    const probed = Date.now();
    await driver.health();
    expect(Date.now() - probed).toBeLessThan(2500);

    node.thaw();
    await eventually(async () => {
      expect(await driver.publish(channel, event('after'), undefined)).toEqual({ outcome: 'stored' });
    });
    handler.settleAll('delivered');
    await eventually(() => expect(handler.distinctIds).toContain('after'));
    node.freeze();
    const stopped = Date.now();
    await consumption.stop(AbortSignal.abort());
    expect(Date.now() - stopped).toBeLessThan(2500);
    await driver.close();
    expect(Date.now() - stopped).toBeLessThan(7500);
  });

  it('events that are in delivery while the broker restarts are settled, and not handed out again', async () => {
    const driver = await openStore(broker, { parameters: { sessionTimeout: 'PT30S' } });
    const channel = newChannel({ numPartitions: 2 });
    const subscription = subscriptionTo(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    const handler = new RecordingHandler();
    driver.consume(subscription, handler.handle, { maxInFlight: 100 });
    const ids = Array.from({ length: 20 }, (_, index) => String(index));
    await store(driver, channel, ...ids.map((id) => event(id)));
    await eventually(() => expect(handler.inFlight).toBe(20));
    await node.kill();
    for (const id of ids.slice(0, 10)) handler.settle(id, 'delivered');
    await node.start();
    await eventually(async () => {
      expect(await driver.publish(channel, event('after'), undefined)).toEqual({ outcome: 'stored' });
    });
    await eventually(() => expect(handler.ids).toContain('after'));
    handler.settleAll('delivered');
    await eventually(async () => expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 }));
    expect(handler.ids, 'hand-outs').toHaveLength(ids.length + 1);
    expect(handler.claims.some(({ signal }) => signal.aborted)).toBe(false);
  });

  it('a partition whose events are not settled leaves room for the others', async () => {
    const driver = await openStore(broker);
    const channel = newChannel({ numPartitions: 4 });
    const subscription = subscriptionTo(channel);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    const poisoned = new Set<string>();
    const handler = new RecordingHandler();
    driver.consume(subscription, handler.handle, { maxInFlight: 50 });
    const isPoisoned = (key: string) => partitionOfKey(Buffer.from(key), 4) === 0;
    const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
    for (const key of keys.filter(isPoisoned)) {
      for (let index = 0; index < 40; index++) poisoned.add(`${key}-${index}`);
    }
    await Promise.all(
      [...poisoned].map((id) => driver.publish(channel, event(id, id.slice(0, id.lastIndexOf('-'))), undefined)),
    );
    await eventually(() => expect(handler.inFlight).toBeGreaterThan(30));
    const others = keys.filter((key) => !isPoisoned(key));
    for (let round = 0; round < 5; round++) {
      const ids = others.map((key) => `${key}/${round}`);
      await store(driver, channel, ...ids.map((id) => event(id, id.slice(0, id.indexOf('/')))));
      await eventually(() => {
        for (const id of handler.ids) if (!poisoned.has(id)) handler.settle(id, 'delivered');
        expect(ids.filter((id) => !handler.ids.includes(id))).toEqual([]);
      });
    }
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
