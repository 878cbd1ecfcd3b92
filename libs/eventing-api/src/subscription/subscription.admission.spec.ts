import { describe, expect, it } from 'vitest';
import { lookupOf, sentences } from '../../test/lookup-of.js';
import type { KubeObject } from '../meta/kube-object.types.js';
import { admitSubscription } from './subscription.admission.js';
import type { Subscription, SubscriptionSpec } from './subscription.schema.js';

const channel = { apiVersion: 'eventing.knative.dev/v1alpha1', kind: 'Channel', name: 'orders' };
const consumer = { apiVersion: 'v1', kind: 'Service', name: 'message-dumper' };

function subscription(spec?: SubscriptionSpec): Subscription {
  return {
    apiVersion: 'eventing.knative.dev/v1alpha1',
    kind: 'Subscription',
    metadata: { name: 'audit', namespace: 'default' },
    ...(spec === undefined ? {} : { spec }),
  };
}

const admit = (spec?: SubscriptionSpec, previous?: SubscriptionSpec, ...stored: KubeObject[]) =>
  admitSubscription(subscription(spec), previous && subscription(previous), lookupOf(...stored));

describe('a Subscription', () => {
  it.each<[string, SubscriptionSpec]>([
    ['to an object', { channel, subscriber: { ref: consumer } }],
    ['to a URL', { channel, subscriber: { uri: 'https://consumer.example.com:8443/events?a=b' } }],
    ['to a host name', { channel, subscriber: { dnsName: 'consumer.default.svc.cluster.local' } }],
    ['to a URL under the name of 2019', { channel, subscriber: { dnsName: 'http://localhost:8080/' } }],
    ['with a reply', { channel, subscriber: { ref: consumer }, reply: { channel: { ...channel, name: 'replies' } } }],
    ['with a reply alone', { channel, reply: { channel: { ...channel, name: 'copies' } } }],
    ['with an empty reply', { channel, subscriber: { ref: consumer }, reply: {} }],
    [
      'with an empty namespace in a reference',
      { channel: { ...channel, namespace: '' }, subscriber: { ref: consumer } },
    ],
    ['with a delivery', { channel, subscriber: { ref: consumer }, delivery: { timeout: 'PT5S' } }],
    ['with a reply to an object', { channel, reply: { ref: consumer } }],
    ['with a reply to a URL', { channel, reply: { uri: 'https://answers.example.com/' } }],
    [
      'with filters',
      { channel, subscriber: { ref: consumer }, filters: [{ exact: { type: 'com.example.order.created' } }] },
    ],
    ['with no filters at all', { channel, subscriber: { ref: consumer }, filters: [] }],
    ['paused', { channel, subscriber: { ref: consumer }, paused: true }],
    ...['resume', 'latest', 'earliest', '2026-01-31T12:00:00Z', '2026-01-31T12:00:00.5+01:00'].map(
      (startPosition): [string, SubscriptionSpec] => [
        `that begins at ${startPosition}`,
        { channel, subscriber: { ref: consumer }, startPosition },
      ],
    ),
  ])('is admitted %s, as it is', (_, spec) => {
    expect(admit(spec)).toEqual({ object: subscription(spec), faults: [], warnings: [] });
  });

  it.each<[string, SubscriptionSpec | undefined, string[]]>([
    ['no spec', undefined, ['spec.channel: Required value']],
    ['an empty Channel, told alone', { channel: {}, delivery: { timeout: 'x' } }, ['spec.channel: Required value']],
    [
      'an incomplete Channel',
      { channel: { name: 'orders' }, subscriber: { ref: consumer } },
      ['spec.channel.apiVersion: Required value', 'spec.channel.kind: Required value'],
    ],
    [
      'a Channel of another kind',
      { channel: { ...channel, kind: 'Broker' }, subscriber: { ref: consumer } },
      ['spec.channel.kind: Unsupported value: "Broker": supported values: "Channel"'],
    ],
    [
      'a Channel of another group',
      { channel: { ...channel, apiVersion: 'messaging.knative.dev/v1' }, subscriber: { ref: consumer } },
      [
        'spec.channel.apiVersion: Unsupported value: "messaging.knative.dev/v1": supported values: "eventing.knative.dev/v1alpha1"',
      ],
    ],
    [
      'a Channel elsewhere',
      { channel: { ...channel, namespace: 'shop' }, subscriber: { ref: consumer } },
      [
        'spec.channel.namespace: Forbidden: references cannot leave the namespace of this object, so leave it out; create the Subscription in the namespace of the Channel',
      ],
    ],
    [
      'a subscriber elsewhere',
      { channel, subscriber: { ref: { ...consumer, namespace: 'shop' } } },
      [
        'spec.subscriber.ref.namespace: Forbidden: references cannot leave the namespace of this object, so leave it out; give the address as spec.subscriber.uri',
      ],
    ],
    [
      'a reply elsewhere',
      { channel, reply: { channel: { ...channel, namespace: 'shop' } } },
      ['spec.reply.channel.namespace: Forbidden'],
    ],
    [
      'a reference by UID',
      { channel, subscriber: { ref: { ...consumer, uid: 'u', resourceVersion: '1', fieldPath: 'spec' } } },
      [
        'spec.subscriber.ref.uid: Forbidden: only apiVersion, kind and name may be set here',
        'spec.subscriber.ref.resourceVersion: Forbidden',
        'spec.subscriber.ref.fieldPath: Forbidden',
      ],
    ],
    [
      'neither subscriber nor reply',
      { channel, subscriber: {}, reply: {} },
      ['spec.subscriber: Required value: at least one of spec.subscriber and spec.reply'],
    ],
    [
      'two subscribers',
      { channel, subscriber: { ref: consumer, uri: 'http://a/' } },
      ['spec.subscriber: Forbidden: ref and uri exclude each other; set one of ref, uri and dnsName'],
    ],
    [
      'an empty dnsName',
      { channel, subscriber: { dnsName: '' }, reply: { channel } },
      ['spec.subscriber.dnsName: Invalid value: "": must be a host name or an http or https URL'],
    ],
    [
      'an empty dnsName and nothing else',
      { channel, subscriber: { dnsName: '' } },
      ['spec.subscriber.dnsName: Invalid value: ""'],
    ],
    [
      'a relative URL',
      { channel, subscriber: { uri: '/events' } },
      ['spec.subscriber.uri: Invalid value: "/events": must be an absolute http or https URL'],
    ],
    [
      'a URL without a host',
      { channel, subscriber: { uri: 'http:///events' } },
      ['spec.subscriber.uri: Invalid value'],
    ],
    [
      'a URL with a password',
      { channel, subscriber: { uri: 'http://user:secret@a/' } },
      ['must be an absolute http or https URL without user, password and fragment'],
    ],
    ['a URL without slashes', { channel, subscriber: { uri: 'http:events' } }, ['spec.subscriber.uri: Invalid value']],
    ['a URL of another scheme', { channel, subscriber: { uri: 'ftp://a/' } }, ['spec.subscriber.uri: Invalid value']],
    [
      'a dnsName of another scheme',
      { channel, subscriber: { dnsName: 'kafka://a/' } },
      ['spec.subscriber.dnsName: Invalid value'],
    ],
    ['a dnsName with a space', { channel, subscriber: { dnsName: 'a b' } }, ['spec.subscriber.dnsName: Invalid value']],
    [
      'a reply that is no Channel',
      { channel, reply: { channel: consumer } },
      ['spec.reply.channel.kind: Unsupported value: "Service"'],
    ],
    [
      'a reply to two places',
      { channel, reply: { channel, uri: 'http://a/' } },
      ['spec.reply: Forbidden: channel and uri exclude each other; set one of channel, ref and uri'],
    ],
    [
      'a reply to an object elsewhere',
      { channel, reply: { ref: { ...consumer, namespace: 'shop' } } },
      ['spec.reply.ref.namespace: Forbidden'],
    ],
    ['a reply to a host', { channel, reply: { uri: 'answers' } }, ['spec.reply.uri: Invalid value: "answers"']],
    [
      'a dead letter sink that says nothing',
      { channel, subscriber: { ref: consumer }, delivery: { deadLetterSink: {} } },
      ['spec.delivery.deadLetterSink: Required value: exactly one of ref and uri'],
    ],
    [
      'a filter that says nothing',
      { channel, subscriber: { ref: consumer }, filters: [{}] },
      ['spec.filters[0]: Required value: exactly one of exact, prefix, suffix, all, any and not'],
    ],
    ...['oldest', '', '2026-01-31', '2026-02-30T12:00:00Z', '12:00', '1769860800'].map(
      (startPosition): [string, SubscriptionSpec, string[]] => [
        `the start position "${startPosition}"`,
        { channel, subscriber: { ref: consumer }, startPosition },
        [
          `spec.startPosition: Invalid value: "${startPosition}": must be resume, latest, earliest, or a time as in 2026-01-31T12:00:00Z (RFC 3339)`,
        ],
      ],
    ),
    [
      'a bad duration',
      { channel, subscriber: { ref: consumer }, delivery: { backoffDelay: '5 seconds' } },
      ['spec.delivery.backoffDelay: Invalid value: "5 seconds": must be an ISO 8601 duration'],
    ],
  ])('is refused with %s', (_, spec, expected) => {
    expect(sentences(admit(spec))).toEqual(expected.map((text): unknown => expect.stringContaining(text)));
  });
});

describe('a change of a Subscription', () => {
  const stored: SubscriptionSpec = { channel, subscriber: { ref: consumer } };

  it('to another Channel is refused', () => {
    expect(sentences(admit({ ...stored, channel: { ...channel, name: 'returns' } }, stored))).toEqual([
      'spec.channel: Forbidden: field is immutable; delete the Subscription and create it again',
    ]);
  });

  it.each<[string, SubscriptionSpec]>([
    ['subscriber', { subscriber: { uri: 'http://a/' } }],
    ['reply', { reply: { channel } }],
    ['delivery', { delivery: { retry: 0 } }],
    ['filters', { filters: [{ prefix: { type: 'com.example.' } }] }],
    ['pause', { paused: true }],
    ['start position, to the word for its absence', { startPosition: 'resume' }],
    ['order, to the word for its absence', { delivery: { ordering: 'none' } }],
  ])('of its %s is fine', (_, change) => {
    expect(admit({ ...stored, ...change }, stored).faults).toEqual([]);
  });

  it('of its start position is refused: it begins once', () => {
    expect(sentences(admit({ ...stored, startPosition: 'earliest' }, stored))).toEqual([
      'spec.startPosition: Forbidden: field is immutable; delete the Subscription and create it again',
    ]);
  });

  it.each<[string, SubscriptionSpec['delivery'], SubscriptionSpec['delivery'], 'key' | 'none', string | undefined]>([
    ['written', { ordering: 'key' }, { ordering: 'none' }, 'none', 'key'],
    ['written, by leaving it out', { ordering: 'key' }, { retry: 3 }, 'none', 'key'],
    ['that was left out', { retry: 3 }, { ordering: 'key' }, 'none', 'none'],
    ['of its Channel, by a delivery without', undefined, { retry: 3 }, 'key', 'key'],
    ['written, by taking the delivery of its Channel', { ordering: 'key' }, undefined, 'none', 'key'],
    ['of its Channel, which is kept', undefined, { retry: 3, ordering: 'key' }, 'key', undefined],
    ['written, which the Channel has as well', { ordering: 'key' }, undefined, 'key', undefined],
  ])('of the order %s', (_, before, after, ofChannel, kept) => {
    const orders = {
      apiVersion: channel.apiVersion,
      kind: 'Channel',
      metadata: { name: 'orders', namespace: 'default' },
      spec: { delivery: { ordering: ofChannel } },
    };
    const withDelivery = (delivery: SubscriptionSpec['delivery']) => ({ ...stored, ...(delivery && { delivery }) });

    expect(sentences(admit(withDelivery(after), withDelivery(before), orders))).toEqual(
      kept === undefined
        ? []
        : [
            `spec.delivery.ordering: Forbidden: field is immutable: leave it "${kept}", or delete the Subscription and create it again`,
          ],
    );
  });
});
