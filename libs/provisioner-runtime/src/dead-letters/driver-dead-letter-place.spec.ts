import {
  silentLogger,
  type ChannelDriver,
  type DriverChannel,
  type DriverSubscription,
  type PublishResult,
  type StartPosition,
} from '@millrace/eventing-api';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@millrace/testing';
import { inMemoryDriverProvider } from '../../test/in-memory-driver.js';
import { storedEvent } from '../../test/test-objects.js';
import { deadLetterChannel, deadLetterReader } from './dead-letter-channel.js';
import { DriverDeadLetterPlace } from './driver-dead-letter-place.js';

const ORDERS: DriverChannel = { namespace: 'default', name: 'orders', uid: 'u1', purpose: 'events', arguments: {} };
const channel = deadLetterChannel(ORDERS, 'a');

let driver: ChannelDriver;
let made: string[];
/** What the store answers to a publish instead of its own answer. */
let answers: PublishResult[];

beforeEach(async () => {
  driver = await inMemoryDriverProvider.open({}, {}, { logger: silentLogger, clock: new ManualClock() });
  made = [];
  answers = [];
  const store = driver;
  driver = Object.assign(Object.create(store) as ChannelDriver, {
    ensureChannel: async (channel: DriverChannel) => {
      made.push(channel.name);
      await new Promise((resolve) => setImmediate(resolve));
      return store.ensureChannel(channel);
    },
    ensureSubscription: (subscription: DriverSubscription, start: StartPosition) => {
      made.push(subscription.name);
      return store.ensureSubscription(subscription, start);
    },
    publish: (...letter: Parameters<ChannelDriver['publish']>) => {
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : store.publish(...letter);
    },
  });
});

const placeOf = (boundIsFinal = true) => new DriverDeadLetterPlace(driver, () => channel, boundIsFinal);
const waiting = async () => (await driver.backlog(deadLetterReader(channel)))?.pending;

describe('a dead-letter place', () => {
  it('is made when the first letter comes, once for all that come together', async () => {
    const place = placeOf();
    expect(made).toEqual([]);
    const outcomes = await Promise.all(['1', '2', '3'].map((id) => place.store(storedEvent(id))));
    expect(outcomes).toEqual(outcomes.map(() => ({ outcome: 'stored' })));
    expect(await place.store(storedEvent('4'))).toEqual({ outcome: 'stored' });
    expect(made).toEqual(['a', 'dead-letters']);
    expect(await waiting()).toBe(4);
  });

  it('is made again when somebody has removed it', async () => {
    const place = placeOf();
    await place.store(storedEvent('1'));
    await driver.deleteChannel(channel);
    expect(await Promise.all(['2', '3'].map((id) => place.store(storedEvent(id))))).toEqual([
      { outcome: 'stored' },
      { outcome: 'stored' },
    ]);
    expect(await waiting()).toBe(2);
    expect(made).toEqual(['a', 'dead-letters', 'a', 'dead-letters']);
  });

  it('that cannot be made is unavailable, and tried again with the next letter', async () => {
    const place = placeOf();
    const ensureChannel = driver.ensureChannel.bind(driver);
    driver.ensureChannel = () => Promise.reject(new Error('no right to make topics'));
    expect(await place.store(storedEvent('1'))).toEqual({ outcome: 'unavailable', message: 'no right to make topics' });
    driver.ensureChannel = ensureChannel;
    expect(await place.store(storedEvent('1'))).toEqual({ outcome: 'stored' });
  });

  it.each([
    ['unavailable', 'unavailable', 'unavailable'],
    ['timeout', 'unavailable', 'unavailable'],
    ['forbidden', 'unavailable', 'unavailable'],
    ['too-large', 'too-large', 'too-large'],
    ['full', 'full', 'unavailable'],
  ] as const)('whose store answers %s is %s where its bound is final, else %s', async (code, final, passing) => {
    const refused = { outcome: 'refused', code, message: 'no' } as const;
    answers.push(refused, refused);
    expect(await placeOf(true).store(storedEvent('1'))).toEqual({ outcome: final, message: 'no' });
    expect(await placeOf(false).store(storedEvent('1'))).toEqual({ outcome: passing, message: 'no' });
  });

  it('whose store fails is unavailable', async () => {
    driver.publish = () => Promise.reject(new Error('boom'));
    expect(await placeOf().store(storedEvent('1'))).toEqual({ outcome: 'unavailable', message: 'boom' });
  });

  it('that has ended is not made any more, however late a letter comes', async () => {
    const place = placeOf();
    const late = place.store(storedEvent('1'));
    await place.end();
    expect(await late).toEqual({ outcome: 'stored' });
    await driver.deleteChannel(channel);
    expect(await place.store(storedEvent('2'))).toMatchObject({ outcome: 'unavailable' });
    expect(await waiting()).toBeUndefined();
  });
});

describe('the Channel that keeps dead letters', () => {
  it('is one for each name of a Subscription and Channel, told by a UUID', () => {
    const uids = [
      channel,
      deadLetterChannel(ORDERS, 'b'),
      deadLetterChannel({ ...ORDERS, uid: 'u2' }, 'a'),
      deadLetterChannel({ ...ORDERS, arguments: { partitions: 3 } }, 'a'),
    ].map(({ uid }) => uid);
    expect(uids[3]).toBe(uids[0]);
    expect(new Set(uids).size).toBe(3);
    for (const uid of uids)
      expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(channel).toMatchObject({ namespace: 'default', name: 'a', purpose: 'dead-letters' });
  });
});
