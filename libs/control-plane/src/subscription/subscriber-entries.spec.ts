import fc from 'fast-check';
import type { Channel, Subscription } from '@millrace/eventing-api';
import { expect, it } from 'vitest';
import { channel, subscription } from '../../test/scene.js';
import { subscriberEntries, subscriberEntry, type ResolvedAddresses } from './subscriber-entries.js';

type State = 'resolved' | 'unresolved' | 'unknown';

/** A Subscription of the Channel, what is known of it, and whether the Channel lists it now. */
interface Sample {
  readonly uid: string;
  readonly state: State;
  readonly listed: boolean;
  readonly deleting: boolean;
  readonly elsewhere: boolean;
}

const samples = fc.uniqueArray(
  fc.record<Sample>({
    uid: fc.uuid(),
    state: fc.constantFrom<State>('resolved', 'unresolved', 'unknown'),
    listed: fc.boolean(),
    deleting: fc.boolean(),
    elsewhere: fc.boolean(),
  }),
  { selector: ({ uid }) => uid },
);

function entriesOf(given: readonly Sample[]) {
  const listed = given.filter((sample) => sample.listed).map(({ uid }) => ({ uid, subscriberURI: 'http://old/' }));
  const orders: Channel = channel('orders', { spec: { subscribable: { subscribers: listed } } });
  const subscriptions = given.map(({ uid, deleting, elsewhere }): Subscription => {
    const sample = subscription(`s-${uid}`, elsewhere ? { channel: { name: 'others' } } : {});
    const deletion = deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
    return { ...sample, metadata: { ...sample.metadata, uid, generation: 1, ...deletion } };
  });
  const resolved = new Map<string, ResolvedAddresses | null>();
  for (const { uid, state } of given) {
    if (state !== 'unknown') resolved.set(uid, state === 'resolved' ? { subscriberURI: 'http://new/' } : null);
  }
  return subscriberEntries(orders, subscriptions, resolved);
}

it('lists what resolves, keeps what is not known yet, drops the rest, and is sorted by UID', () => {
  fc.assert(
    fc.property(samples, (given) => {
      const expected = given
        .filter(({ deleting, elsewhere }) => !deleting && !elsewhere)
        .filter(({ state, listed }) => state === 'resolved' || (state === 'unknown' && listed))
        .map(({ uid, state }) => [uid, state === 'resolved' ? 'http://new/' : 'http://old/'])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
      expect(entriesOf(given).map(({ uid, subscriberURI }) => [uid, subscriberURI])).toEqual(expected);
    }),
  );
});

it('does not depend on the order of the Subscriptions', () => {
  fc.assert(
    fc.property(samples, (given) => {
      expect(entriesOf([...given].reverse())).toEqual(entriesOf(given));
    }),
  );
});

it.each<[string, Subscription['spec'], Channel['spec'], object]>([
  ['nothing that was not asked for', {}, {}, {}],
  ['filters', { filters: [{ exact: { type: 'a' } }] }, {}, { filters: [{ exact: { type: 'a' } }] }],
  ['no empty list of filters', { filters: [] }, {}, {}],
  ['that it is paused', { paused: true }, {}, { paused: true }],
  ['no word of a pause that is over', { paused: false }, {}, {}],
  ['where it begins', { startPosition: 'earliest' }, {}, { startPosition: 'earliest' }],
  [
    'the delivery of its Channel',
    {},
    { delivery: { ordering: 'key', deadLetterSink: { uri: 'http://letters/' } } },
    { delivery: { ordering: 'key' } },
  ],
  [
    'its own delivery whole, however little that says',
    { delivery: { deadLetterSink: { uri: 'http://letters/' } } },
    { delivery: { retry: 3 } },
    { delivery: {} },
  ],
])('an entry holds %s', (_what, spec, ofChannel, expected) => {
  const billing = subscription('billing', spec);
  const resolved = { subscriberURI: 'http://billing/', deadLetterSinkURI: 'http://letters/' };
  const { ref, ...entry } = subscriberEntry(billing, resolved, channel('orders', { spec: ofChannel })) ?? {};

  expect(ref).toMatchObject({ kind: 'Subscription', name: 'billing' });
  expect(entry).toEqual({ ...resolved, ...expected });
});
