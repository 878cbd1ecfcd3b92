import type { BrokerSettings } from '@millrace/brokers';
import type { ChannelDriver } from '@millrace/eventing-api';
import { RecordingLogger } from '@millrace/testing';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  newChannel,
  openStore,
  ownBroker,
  passOneEvent,
  Reader,
  stored,
  subscriptionOf,
  testEvent,
} from './open-store.js';

const LOGIN = { username: 'millrace', password: 'our-password' };
const PATIENCE = { timeout: 30_000, interval: 50 };
/** As the README has them. */
const PUBLISH = ['$JS.API.>', '$JS.ACK.>', 'kn.>', 'kd.>', 'kn-owners.>'];
const SUBSCRIBE = ['_INBOX.>', 'kn-owners.>'];
const ALL = rights(PUBLISH, SUBSCRIBE);
const broker = await ownBroker({ settings: ALL });

vi.setConfig({ testTimeout: 90_000 });

describe.skipIf(!broker)('a login', () => {
  afterAll(() => broker!.stop());

  const open = async (logger = new RecordingLogger(), server = broker!) => {
    const driver = await openStore(server.addresses, {
      parameters: { credentials: { secretRef: { name: 'nats-login' } } },
      secrets: { 'nats-login': LOGIN },
      logger,
    });
    onTestFinished(() => driver.close());
    return driver;
  };
  const isUp = (driver: ChannelDriver) =>
    vi.waitFor(async () => expect(await driver.health()).toEqual({ status: 'up' }), PATIENCE);
  const without = (right: string) =>
    broker!.changeSettings!(
      rights(
        PUBLISH.filter((one) => one !== right),
        SUBSCRIBE.filter((one) => one !== right),
      ),
    );

  it('with the rights that the README has is let do everything, and nothing is refused', async () => {
    const logger = new RecordingLogger();
    const driver = await open(logger);
    await passOneEvent(driver);
    const channel = newChannel();
    const letters = newChannel({ ...channel, purpose: 'dead-letters' });
    for (const one of [channel, letters]) {
      await driver.ensureChannel(one);
      await driver.ensureSubscription(subscriptionOf(one), 'earliest');
      await stored(driver, one, testEvent('1'));
      expect(await driver.backlog(subscriptionOf(one))).toMatchObject({ pending: 1 });
      await driver.deleteSubscription(subscriptionOf(one));
      await driver.deleteChannel(one);
    }
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it.each([
    ['the API of JetStream', '$JS.API.>', /Permissions Violation for Publish to "\$JS\.API\./],
    ['replies', '_INBOX.>', /Permissions Violation for Subscription to "_INBOX\./],
  ])(
    'without the right to %s is told so in the words of the server, and works once it has it',
    async (_, right, words) => {
      const logger = new RecordingLogger();
      await without(right);
      const driver = await open(logger);
      const channel = newChannel();
      const message = expect.stringMatching(words);
      expect(await driver.health()).toEqual({ status: 'down', message });
      await expect(driver.ensureChannel(channel)).rejects.toMatchObject({ message });
      await expect(driver.ensureSubscription(subscriptionOf(channel), 'now')).rejects.toMatchObject({ message });
      const refused = { outcome: 'refused', code: 'forbidden', message };
      expect(await driver.publish(channel, testEvent('1'), undefined)).toMatchObject(refused);
      expect(logger.lines.filter((line) => line.startsWith('warn'))).toEqual(['warn: NATS refuses us a right']);

      await broker!.changeSettings!(ALL);
      await isUp(driver);
      await passOneEvent(driver);
    },
  );

  it('without the right to publish events is told so, and may once it has it', async () => {
    await without('kn.>');
    const driver = await open();
    const channel = newChannel();
    await driver.ensureChannel(channel);
    const message = expect.stringContaining('Permissions Violation for Publish to "kn.');
    const refused = { outcome: 'refused', code: 'forbidden', message };
    expect(await driver.publish(channel, testEvent('1'), undefined)).toMatchObject(refused);

    await broker!.changeSettings!(ALL);
    await isUp(driver);
    await stored(driver, channel, testEvent('2'));
  });

  it.each([
    ['to acknowledge', '$JS.ACK.>', /Permissions Violation for Publish to "\$JS\.ACK\./],
    ['to agree on who delivers', 'kn-owners.>', /Permissions Violation for \w+ to "kn-owners\./],
  ])('without the right %s consumes nothing and is told why, until it has it', async (_, right, words) => {
    await broker!.changeSettings!(ALL);
    const driver = await open();
    const channel = newChannel();
    const subscription = subscriptionOf(channel);
    const message = expect.stringMatching(words);
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'earliest');
    // Does not settle the event, so that there is something to acknowledge.
    const inUse = new Reader(() => new Promise(() => {})).read(driver, subscription);
    await stored(driver, channel, testEvent('1'));

    await without(right);
    await expect(inUse.closed).rejects.toMatchObject({ message });
    await expect(driver.ensureSubscription(subscription, 'earliest')).rejects.toMatchObject({ message });

    await broker!.changeSettings!(ALL);
    await isUp(driver);
    await vi.waitFor(() => driver.ensureSubscription(subscription, 'earliest'), PATIENCE);
    const reader = new Reader();
    const consumption = reader.read(driver, subscription);
    const isSettled = async () => expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 });
    await vi.waitFor(isSettled, PATIENCE);
    expect(reader.ids).toContain('1');
    await consumption.stop(AbortSignal.abort());
  });

  it('of an account without JetStream is told so', async () => {
    const { username, password } = LOGIN;
    // One of its own: the server above keeps streams of another account.
    const server = await ownBroker({
      settings: { accounts: `{ PLAIN: { users: [{ user: ${username}, password: ${password} }] } }` },
    });
    onTestFinished(() => server!.stop());
    const driver = await open(new RecordingLogger(), server);
    const message = expect.stringContaining('JetStream not enabled for account');
    expect(await driver.health()).toEqual({ status: 'down', message });
    await expect(driver.ensureChannel(newChannel())).rejects.toMatchObject({ message });
    expect(await driver.publish(newChannel(), testEvent('1'), undefined)).toMatchObject({
      code: 'unavailable',
      message,
    });
  });
});

/** Of a server that lets in nobody else. */
function rights(publish: readonly string[], subscribe: readonly string[]): BrokerSettings {
  const { username, password } = LOGIN;
  const permissions = JSON.stringify({ publish, subscribe });
  return { authorization: `{ users: [{ user: ${username}, password: ${password}, permissions: ${permissions} }] }` };
}
