import { readFileSync } from 'node:fs';
import type { DriverChannel } from '@millrace/eventing-api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupName, groupPrefix, topicName } from './names.js';

interface GoldenName {
  readonly channel: Pick<DriverChannel, 'purpose' | 'namespace' | 'name' | 'uid'>;
  readonly topic: string;
  readonly groups: Readonly<Record<string, string>>;
}

const golden = JSON.parse(
  readFileSync(new URL('./names.golden.json', import.meta.url), 'utf8'),
) as readonly GoldenName[];

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const subdomain = fc.oneof(
  fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) =>
    labels
      .join('.')
      .slice(0, 253)
      .replace(/[.-]+$/, ''),
  ),
  // Long ones that differ in their last letter only.
  fc.constantFrom('y', 'z').map((last) => `${'x.'.repeat(126)}${last}`),
);
const channel = fc.record({
  purpose: fc.constantFrom('events' as const, 'dead-letters' as const),
  namespace: label,
  name: subdomain,
  uid: fc.uuid(),
  arguments: fc.constant({}),
});
const subscription = fc.record({ channel, name: subdomain, uid: fc.uuid() });

describe('a name on the broker', () => {
  it.each(golden)('is today what it was when $topic was made', ({ channel, topic, groups }) => {
    const found = { ...channel, arguments: {} };
    expect(topicName(found)).toBe(topic);
    for (const [name, group] of Object.entries(groups)) {
      expect(groupName({ channel: found, name, uid: 'any' })).toBe(group);
    }
  });

  it('has 249 characters at most, of those that Kafka allows', () => {
    fc.assert(
      fc.property(subscription, (found) => {
        expect(topicName(found.channel)).toMatch(/^[A-Za-z0-9.-]{1,180}$/);
        expect(groupName(found)).toMatch(/^[A-Za-z0-9._-]{1,249}$/);
      }),
    );
  });

  it('says which Channel and Subscription it belongs to, unless they are too long', () => {
    fc.assert(
      fc.property(subscription, ({ channel, name, uid }) => {
        const parts = /^(kn|kn-dl)\.([^.]+)\.(.+)\.([^.]{36})_(.+)$/.exec(groupName({ channel, name, uid })) ?? [];
        const [, prefix, namespace, channelName, channelUid, subscriptionName] = parts;
        expect(prefix).toBe(channel.purpose === 'events' ? 'kn' : 'kn-dl');
        expect([namespace, channelUid]).toEqual([channel.namespace, channel.uid]);
        if (channelName && !/-x[0-9a-f]{16}$/.test(channelName)) expect(channelName).toBe(channel.name);
        if (subscriptionName && !/-x[0-9a-f]{16}$/.test(subscriptionName)) expect(subscriptionName).toBe(name);
      }),
    );
  });

  it('belongs to nobody else', () => {
    const pairs = fc.tuple(subscription, subscription);
    const related = subscription.chain((found) =>
      fc.tuple(fc.constant(found), fc.record({ channel: fc.constant(found.channel), name: subdomain, uid: fc.uuid() })),
    );
    fc.assert(
      fc.property(fc.oneof(pairs, related), ([a, b]) => {
        const isSameChannel = a.channel.uid === b.channel.uid && a.channel.purpose === b.channel.purpose;
        expect(topicName(a.channel) === topicName(b.channel)).toBe(isSameChannel);
        expect(groupName(a) === groupName(b)).toBe(isSameChannel && a.name === b.name);
        expect(groupName(b).startsWith(groupPrefix(a.channel))).toBe(isSameChannel);
      }),
    );
  });
});
