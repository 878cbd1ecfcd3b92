import type { ChannelDriver } from '@millrace/eventing-api';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  ResourcePatternTypes,
  type Admin,
  type AclEntry,
} from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brokerFor, event, eventually, foreignKafka, newChannel, openStore, subscriptionTo } from './open-store.js';

const ADMIN = { username: 'admin', password: 'admin-secret' };
const OURS = { username: 'millrace', password: 'our-secret' };
const users = [ADMIN, OURS].map(({ username, password }) => `user_${username}="${password}"`).join(' ');

const { broker, notRun } = await brokerFor({
  credentials: ADMIN,
  settings: {
    'listener.name.client.plain.sasl.jaas.config': `org.apache.kafka.common.security.plain.PlainLoginModule required ${users};`,
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    // Servers talk to each other without credentials.
    'super.users': `User:${ADMIN.username};User:ANONYMOUS`,
  },
});

type Operation = Exclude<keyof typeof AclOperationTypes, 'UNKNOWN' | 'ANY' | 'ALL'>;
type Rights = readonly [kind: 'TOPIC' | 'GROUP', ...operations: Operation[]];

const TOPICS = /Not authorized to access topics.*TOPIC_AUTHORIZATION_FAILED/;
const GROUP = /Not authorized to access group.*GROUP_AUTHORIZATION_FAILED/;

describe.runIf(broker)('a broker that gives rights one by one', () => {
  if (!broker) return;
  const channel = newChannel({ numPartitions: 1 });
  const subscription = subscriptionTo(channel);
  let admin: Admin;

  beforeAll(async () => {
    admin = foreignKafka(broker, { mechanism: 'plain', ...ADMIN }).admin();
    await admin.connect();
  });

  afterAll(() => admin.disconnect());

  const grant = (...[kind, ...operations]: Rights) =>
    admin.createAcls({ acl: operations.map((operation) => entry(kind, operation)) });
  const revoke = (...[kind, ...operations]: Rights) =>
    admin.deleteAcls({ filters: operations.map((operation) => entry(kind, operation)) });
  const open = () =>
    openStore(broker, {
      parameters: { sasl: { mechanism: 'plain', secretRef: { name: 'kafka' } } },
      secrets: { kafka: OURS },
    });

  /** Fails in these words, and works as soon as there are these rights. */
  const needs = async (action: () => Promise<unknown>, words: RegExp, ...rights: Rights) => {
    await eventually(() => expect(action()).rejects.toThrow(words));
    await grant(...rights);
    await eventually(action);
  };
  const refusesEvents = (driver: ChannelDriver) =>
    eventually(async () =>
      expect(await driver.publish(channel, event('refused'), undefined)).toMatchObject({
        outcome: 'refused',
        code: 'forbidden',
        message: expect.stringMatching(TOPICS),
      }),
    );
  const takesEvent = (driver: ChannelDriver, id: string) =>
    eventually(async () => expect(await driver.publish(channel, event(id), undefined)).toEqual({ outcome: 'stored' }));
  const consume = (driver: ChannelDriver) => {
    const taken: string[] = [];
    const take = ({ id }: { readonly id: string }) => {
      taken.push(id);
      return Promise.resolve('delivered' as const);
    };
    const consumption = driver.consume(subscription, take, { maxInFlight: 1 });
    return {
      closed: consumption.closed,
      stop: () => consumption.stop(AbortSignal.abort()),
      isTaken: (id: string) => eventually(() => expect(taken).toContain(id)),
    };
  };

  it('tells which are missing to make a Channel, to publish to it and to subscribe, and goes on with each that it gets', async () => {
    const driver = await open();
    const ensureChannel = () => driver.ensureChannel(channel);
    const ensureSubscription = () => driver.ensureSubscription(subscription, 'earliest');
    expect(await driver.health()).toEqual({ status: 'up' });
    await expect(ensureChannel()).rejects.toThrow(TOPICS);
    await refusesEvents(driver);
    await grant('TOPIC', 'DESCRIBE');
    await needs(ensureChannel, TOPICS, 'TOPIC', 'CREATE');
    await refusesEvents(driver);
    await grant('TOPIC', 'WRITE');
    await takesEvent(driver, 'first');

    await expect(ensureSubscription()).rejects.toThrow(GROUP);
    await grant('GROUP', 'DESCRIBE');
    await eventually(() => expect(ensureSubscription()).rejects.toThrow(GROUP));
    await grant('GROUP', 'READ');
    await needs(ensureSubscription, TOPICS, 'TOPIC', 'READ');
    const { isTaken, stop } = consume(driver);
    await isTaken('first');
    await stop();
  });

  it('tells which are missing to compare settings and to let a topic grow', async () => {
    const driver = await open();
    const kept = { ...channel, arguments: { numPartitions: 1, retention: 'P1D' } };
    await needs(() => driver.ensureChannel(kept), TOPICS, 'TOPIC', 'DESCRIBE_CONFIGS');
    const larger = { ...channel, arguments: { numPartitions: 2 } };
    await needs(() => driver.ensureChannel(larger), TOPICS, 'TOPIC', 'ALTER');
  });

  it.each<[string, Rights, RegExp]>([
    ['the topic', ['TOPIC', 'READ'], TOPICS],
    ['the group', ['GROUP', 'READ'], GROUP],
  ])(
    'ends a consumption in the words of the broker when the right to read %s is taken away',
    async (id, rights, words) => {
      const driver = await open();
      const { isTaken, closed } = consume(driver);
      await takesEvent(driver, `before ${id}`);
      await isTaken(`before ${id}`);
      await revoke(...rights);
      await expect(closed).rejects.toThrow(words);
      const ensure = () => driver.ensureSubscription(subscription, 'now');
      await expect(ensure()).rejects.toThrow(words);
      await takesEvent(driver, `after ${id}`);
      await grant(...rights);
      await eventually(ensure);
      const again = consume(driver);
      await again.isTaken(`after ${id}`);
      await again.stop();
    },
  );

  it('refuses events while the right to write is gone', async () => {
    const driver = await open();
    await takesEvent(driver, 'before');
    await revoke('TOPIC', 'WRITE');
    await refusesEvents(driver);
    await grant('TOPIC', 'WRITE');
    await takesEvent(driver, 'after');
  });

  it('tells which are missing to remove a Subscription and a Channel', async () => {
    const driver = await open();
    await needs(() => driver.deleteSubscription(subscription), GROUP, 'GROUP', 'DELETE');
    await needs(() => driver.deleteChannel(channel), TOPICS, 'TOPIC', 'DELETE');
    expect(await admin.listTopics()).not.toContainEqual(expect.stringContaining(channel.uid));
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));

/** All that is ours, by its prefix. */
function entry(kind: 'TOPIC' | 'GROUP', operation: Operation): AclEntry {
  return {
    resourceType: AclResourceTypes[kind],
    resourceName: 'kn',
    resourcePatternType: ResourcePatternTypes.PREFIXED,
    principal: `User:${OURS.username}`,
    host: '*',
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}
