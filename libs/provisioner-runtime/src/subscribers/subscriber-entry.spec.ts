import type { Capabilities, ChannelSubscriber } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { inMemoryDriverProvider } from '../../test/in-memory-driver.js';
import { channelObject, subscriber } from '../../test/test-objects.js';
import { readSubscribers, type SubscriberEntry } from './subscriber-entry.js';

const URL = 'http://127.0.0.1:1/';

function read(more: Partial<ChannelSubscriber>, capabilities: Partial<Capabilities> = {}): SubscriberEntry {
  const channel = channelObject({ subscribable: { subscribers: [{ ...subscriber('a', URL), ...more }] } });
  return readSubscribers(channel, { ...inMemoryDriverProvider.capabilities, ...capabilities })[0]!;
}

const faultOf = ({ target }: SubscriberEntry) => ('fault' in target ? target.fault : undefined);

describe('an entry of the list of subscribers', () => {
  it('says all that a delivery needs', () => {
    const filters = [{ exact: { type: 'test' } }];
    const entry = read({ replyURI: 'http://reply/', deadLetterSinkURI: 'http://sink/', filters, paused: true });
    expect(entry).toMatchObject({
      ...{ name: 'a', uid: 'uid-of-a', generation: 1, paused: true, start: 'resume' },
      target: { subscriberUri: URL, replyUri: 'http://reply/', deadLetterSinkUri: 'http://sink/', filters },
    });
  });

  it.each([
    ['no address at all', { subscriberURI: '' }, 'The entry has neither subscriberURI nor replyURI'],
    [
      'a sink that is no URL',
      { deadLetterSinkURI: 'sink' },
      '"sink" is not an absolute http or https URL without user, password and fragment',
    ],
    [
      'an order that the provisioner does not have',
      { delivery: { ordering: 'key' as const } },
      'The provisioner of the Channel cannot deliver with ordering "key"; it can with none',
    ],
    [
      'a start that it does not have',
      { startPosition: '2026-01-31T12:00:00Z' },
      'The provisioner of the Channel cannot begin at startPosition "2026-01-31T12:00:00Z"; it can at resume, latest, earliest',
    ],
    [
      'a start that nobody has',
      { startPosition: 'yesterday' },
      'The startPosition "yesterday" is none of resume, latest, earliest and a time',
    ],
  ])('with %s is told what is wrong', (_, more, fault) => {
    expect(faultOf(read(more, { ordering: ['none'], replay: ['earliest'] }))).toBe(fault);
  });

  it.each([
    ['that is empty, which says nothing', {}, 3],
    ['of its own, which takes the place of it as a whole', { backoffDelay: 'PT1S' }, 10],
  ])('has the delivery of the Channel unless it has one: one %s', (_, delivery, retry) => {
    const channel = {
      spec: { delivery: { retry: 3 }, subscribable: { subscribers: [{ ...subscriber('a', URL), delivery }] } },
    };
    const [entry] = readSubscribers({ ...channelObject(), ...channel }, inMemoryDriverProvider.capabilities);
    expect(entry).toMatchObject({ target: { delivery: { retry } } });
  });

  it('is in order by key in memory, and begins there with the latest event or where it stood', () => {
    expect(faultOf(read({ delivery: { ordering: 'key' } }))).toBeUndefined();
    expect(read({ startPosition: 'latest' })).toMatchObject({ start: 'now', target: { uid: 'uid-of-a' } });
    expect(faultOf(read({ startPosition: 'earliest' }))).toMatch(/it can at resume, latest$/);
  });

  it('begins at the earliest event or at a time where the provisioner can', () => {
    const capabilities = { replay: ['earliest', 'time'] } as const;
    expect(read({ startPosition: 'earliest' }, capabilities)).toMatchObject({ start: 'earliest', target: {} });
    const time = new Date('2026-01-31T12:00:00Z');
    expect(read({ startPosition: '2026-01-31T13:00:00+01:00' }, capabilities).start).toEqual({ time });
  });
});
