import { describe, expect, it } from 'vitest';
import { lookupOf, namespaceOf, sentences } from '../../test/lookup-of.js';
import { admitChannel } from './channel.admission.js';
import type { Channel, ChannelSpec } from './channel.schema.js';

const reference = (name: string) => ({
  apiVersion: 'eventing.knative.dev/v1alpha1',
  kind: 'ClusterChannelProvisioner',
  name,
});

const provisioner = (name: string, isDefault: boolean, creationTimestamp = '2019-02-20T08:00:00Z') => ({
  apiVersion: 'eventing.knative.dev/v1alpha1',
  kind: 'ClusterChannelProvisioner',
  metadata: {
    name,
    creationTimestamp,
    annotations: { 'eventing.knative.dev/is-default-provisioner': String(isDefault) },
  },
});

const cluster = lookupOf(provisioner('in-memory', true), provisioner('kafka', false), namespaceOf('default'));

function channel(spec?: ChannelSpec, metadata: Channel['metadata'] = {}): Channel {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Channel',
    metadata: { name: 'orders', namespace: 'default', ...metadata },
    ...(spec === undefined ? {} : { spec }),
  };
}

const admit = (object: Channel, previous?: Channel) => admitChannel(object, previous, cluster);

describe('a new Channel', () => {
  it('without a provisioner gets the default one and keeps its arguments', () => {
    const outcome = admit(channel({ arguments: { partitions: 3 } }));

    expect(outcome).toEqual({
      object: channel({ arguments: { partitions: 3 }, provisioner: reference('in-memory') }),
      faults: [],
      warnings: [],
    });
  });

  it('without any spec gets the default provisioner', () => {
    expect(admit(channel()).object.spec).toEqual({ provisioner: reference('in-memory') });
  });

  it('may name its provisioner by name alone, as in 2019', () => {
    const outcome = admit(channel({ provisioner: { name: 'kafka' } }));

    expect(outcome.faults).toEqual([]);
    expect(outcome.object.spec?.provisioner).toEqual(reference('kafka'));
  });

  it('is refused where there is no default, with what to do about it', () => {
    const outcome = admitChannel(channel({}), undefined, lookupOf(provisioner('kafka', false)));

    expect(outcome.faults).toEqual([
      {
        field: 'spec.provisioner',
        reason: 'FieldValueRequired',
        message:
          'Required value: name a ClusterChannelProvisioner, or mark a default: annotate a ClusterChannelProvisioner with ' +
          'eventing.knative.dev/is-default-provisioner=true, or the namespace with eventing.knative.dev/default-provisioner=<name>',
      },
    ]);
  });

  it('warns of two defaults and says which one it took', () => {
    const twoDefaults = lookupOf(provisioner('in-memory', true), provisioner('nats', true, '2019-02-21T08:00:00Z'));

    const outcome = admitChannel(channel(), undefined, twoDefaults);

    expect(outcome.object.spec?.provisioner?.name).toBe('nats');
    expect(outcome.warnings).toEqual([
      expect.stringMatching(
        /^2 ClusterChannelProvisioners are marked as default \(nats, in-memory\); the newest, nats, was taken\./,
      ),
    ]);
  });

  it('warns of a provisioner that does not exist yet', () => {
    const outcome = admit(channel({ provisioner: { name: 'kafak' } }));

    expect(outcome.faults).toEqual([]);
    expect(outcome.warnings).toEqual([
      'There is no ClusterChannelProvisioner "kafak" yet; the Channel is not Ready until there is.',
    ]);
  });

  it.each<[string, ChannelSpec, Channel['metadata'], string]>([
    ['a provisioner without a name', { provisioner: {} }, {}, 'spec.provisioner.name: Required value'],
    [
      'a provisioner of another kind',
      { provisioner: { kind: 'StorageClass', name: 'kafka' } },
      {},
      'spec.provisioner.kind: Unsupported value: "StorageClass": supported values: "ClusterChannelProvisioner"',
    ],
    [
      'a provisioner of another API version',
      { provisioner: { apiVersion: 'v1', name: 'kafka' } },
      {},
      'spec.provisioner.apiVersion: Unsupported value: "v1": supported values: "eventing.knative.dev/v1alpha1"',
    ],
    [
      'a provisioner in a namespace',
      { provisioner: { name: 'kafka', namespace: 'default' } },
      {},
      'spec.provisioner.namespace: Forbidden: a ClusterChannelProvisioner has no namespace',
    ],
    ['a dot in its name', {}, { name: 'my.orders' }, 'metadata.name: Invalid value: "my.orders": must be at most 63'],
    ['64 characters of name', {}, { name: 'a'.repeat(64) }, 'metadata.name: Invalid value: "aaa'],
    [
      'a dot in the prefix of its name',
      {},
      { name: '', generateName: 'my.' },
      'metadata.generateName: Invalid value: "my."',
    ],
    [
      'a subscriber without an address',
      { subscribable: { subscribers: [{ subscriberURI: 'http://a/' }, { uid: 'u', replyURI: '' }] } },
      {},
      'spec.subscribable.subscribers[1]: Required value: at least one of subscriberURI and replyURI',
    ],
    [
      'a subscriber with a bad time-out',
      { subscribable: { subscribers: [{ replyURI: 'http://a/', delivery: { timeout: '5' } }] } },
      {},
      'spec.subscribable.subscribers[0].delivery.timeout: Invalid value: "5"',
    ],
    [
      'a subscriber with a bad filter',
      { subscribable: { subscribers: [{ replyURI: 'http://a/', filters: [{ exact: {} }] }] } },
      {},
      'spec.subscribable.subscribers[0].filters[0].exact: Required value: at least one attribute',
    ],
    [
      'a relative dead letter sink',
      { delivery: { deadLetterSink: { uri: 'letters' } } },
      {},
      'spec.delivery.deadLetterSink.uri: Invalid value: "letters": must be an absolute http or https URL',
    ],
    ['a time-out of zero', { delivery: { timeout: 'PT0S' } }, {}, 'spec.delivery.timeout: Invalid value: "PT0S"'],
  ])('is refused with %s', (_, spec, metadata, expected) => {
    expect(sentences(admit(channel(spec, metadata)))).toEqual([expect.stringContaining(expected)]);
  });
});

describe('a change of a Channel', () => {
  const stored = channel({ provisioner: reference('kafka'), arguments: { partitions: 1 } });

  it('to another provisioner is refused', () => {
    expect(
      sentences(admit(channel({ provisioner: reference('in-memory'), arguments: { partitions: 1 } }), stored)),
    ).toEqual([
      'spec.provisioner: Forbidden: field is immutable; create another Channel and move the producers and Subscriptions over',
    ]);
  });

  it.each<[string, ChannelSpec]>([
    ['arguments', { arguments: { partitions: 9 } }],
    ['subscribers', { subscribable: { subscribers: [{ uid: 'u', subscriberURI: 'http://a/' }] } }],
    ['delivery', { delivery: { retry: 3, ordering: 'none' } }],
    ['dead letter sink', { delivery: { deadLetterSink: { uri: 'http://letters/' } } }],
  ])('of its %s is fine', (_, change) => {
    expect(admit(channel({ ...stored.spec, ...change }), stored).faults).toEqual([]);
  });

  it('of the order of delivery is refused, also by leaving it out', () => {
    const ordered = channel({ ...stored.spec, delivery: { ordering: 'key' } });
    const advice = 'create another Channel and move the producers and Subscriptions over';

    expect(sentences(admit(ordered, stored))).toEqual([
      `spec.delivery.ordering: Forbidden: field is immutable: leave it "none", or ${advice}`,
    ]);
    expect(sentences(admit(stored, ordered))).toEqual([
      `spec.delivery.ordering: Forbidden: field is immutable: leave it "key", or ${advice}`,
    ]);
  });

  it('that leaves the provisioner out keeps the stored one, whatever the default is now', () => {
    const outcome = admit(channel({ arguments: { partitions: 2 } }), stored);

    expect(outcome.faults).toEqual([]);
    expect(outcome.object.spec?.provisioner).toEqual(reference('kafka'));
  });

  it('that only spells the provisioner out is fine', () => {
    expect(admit(stored, channel({ provisioner: { name: 'kafka' } })).faults).toEqual([]);
  });

  it('may name a provisioner where none was stored', () => {
    expect(admit(stored, channel({})).faults).toEqual([]);
  });

  it('that leaves the spec alone passes even where the rules have grown stricter', () => {
    const old = channel({ provisioner: reference('kafka'), delivery: { timeout: 'P1Y' } });

    const outcome = admit({ ...old, metadata: { ...old.metadata, labels: { team: 'billing' } } }, old);

    expect(outcome.faults).toEqual([]);
  });

  it('passes while the Channel is being deleted, so that its finalizers can come off', () => {
    const broken = channel({}, { deletionTimestamp: '2019-02-20T09:00:00Z' });

    expect(admitChannel(broken, stored, lookupOf())).toEqual({ object: broken, faults: [], warnings: [] });
  });
});

it('leaves an object alone whose spec does not fit the schema: whoever asks validates that too', () => {
  const malformed = { ...channel(), spec: { provisioner: 'kafka' } } as unknown as Channel;

  expect(admit(malformed)).toEqual({ object: malformed, faults: [], warnings: [] });
});
