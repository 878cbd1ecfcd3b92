import type { DriverChannel } from '@millrace/eventing-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subscriptionName, subscriptionPrefix, topicName, uidLabel } from './names.js';

const PUBSUB_NAME = /^[A-Za-z][A-Za-z0-9-_.~+%]{2,254}$/;

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const name = fc.oneof(label, fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/));
const channel: fc.Arbitrary<DriverChannel> = fc.record({
  namespace: label,
  name,
  uid: fc.uuid(),
  purpose: fc.constantFrom('events', 'dead-letters'),
  arguments: fc.constant({}),
});
const subscription = fc.record({ channel, name, uid: fc.uuid() });

describe('names in Pub/Sub', () => {
  it('are legal, whatever the Channel and the Subscription are called', () => {
    fc.assert(
      fc.property(subscription, fc.string(), fc.string(), (ours, oddUid, oddName) => {
        const odd = { ...ours, name: oddName, channel: { ...ours.channel, uid: oddUid, name: oddName } };
        for (const named of [ours, odd]) {
          for (const text of [topicName(named.channel), subscriptionName(named)]) expect(text).toMatch(PUBSUB_NAME);
          expect(uidLabel(named.channel)).toMatch(/^[a-z0-9_-]{0,63}$/);
        }
      }),
    );
  });

  it('give back namespace, name and UID where nothing was cut off', () => {
    fc.assert(
      fc.property(channel, (ours) => {
        const text = topicName(ours);
        fc.pre(!text.includes('~'));
        const [, namespace] = text.split('.');
        const uid = text.slice(-36);
        const start = text.indexOf('.') + 1 + (namespace?.length ?? 0) + 1;
        expect([namespace, text.slice(start, -37), uid]).toEqual([ours.namespace, ours.name, ours.uid]);
      }),
    );
  });

  it('differ where the Channel, its purpose or the name of the Subscription does', () => {
    fc.assert(
      fc.property(subscription, subscription, (one, other) => {
        const isSameChannel = one.channel.uid === other.channel.uid && one.channel.purpose === other.channel.purpose;
        if (!isSameChannel) expect(topicName(one.channel)).not.toBe(topicName(other.channel));
        const namesakes = isSameChannel && one.name === other.name;
        if (!namesakes) expect(subscriptionName(one)).not.toBe(subscriptionName(other));
      }),
    );
  });

  it('of subscriptions depend on nothing but the Channel and the name', () => {
    fc.assert(
      fc.property(subscription, fc.uuid(), (ours, uid) => {
        expect(subscriptionName({ ...ours, uid })).toBe(subscriptionName(ours));
        expect(subscriptionName(ours).startsWith(subscriptionPrefix(ours.channel))).toBe(true);
      }),
    );
  });

  it('stay what they are: a change would lose sight of every topic and every position', async () => {
    await expect(`${JSON.stringify(goldenNames(), undefined, 2)}\n`).toMatchFileSnapshot('names.golden.json');
  });
});

function goldenNames(): Record<string, string>[] {
  const uid = '0f8fad5b-d9cb-469f-a165-70867728950e';
  const long = `${'y.'.repeat(126)}z`;
  const channels: DriverChannel[] = [
    { namespace: 'default', name: 'orders', uid, purpose: 'events', arguments: {} },
    { namespace: 'x'.repeat(63), name: 'x'.repeat(63), uid, purpose: 'events', arguments: {} },
    { namespace: 'default', name: 'billing.v2', uid, purpose: 'dead-letters', arguments: {} },
    { namespace: 'default', name: long, uid, purpose: 'dead-letters', arguments: {} },
    { namespace: 'Odd/namespace', name: 'Odd name', uid: 'an odd uid', purpose: 'events', arguments: {} },
  ];
  return channels.map((channel) => ({
    channel: `${channel.namespace}/${channel.name}`,
    topic: topicName(channel),
    subscription: subscriptionName({ channel, name: 'billing', uid: 'of no matter' }),
    longSubscription: subscriptionName({ channel, name: long, uid: 'of no matter' }),
    label: uidLabel(channel),
  }));
}
