import type { AdmissionLookup, FieldFault } from '../admission/admission.types.js';
import { forbidden, invalid, required } from '../admission/faults.js';
import { immutabilityFaults } from '../admission/immutability.js';
import { CHANNEL } from '../channel/channel.definition.js';
import { ownOrInherited, resolveDelivery } from '../delivery/delivery.defaults.js';
import { deliveryFaults, orderingFaults } from '../delivery/delivery.validation.js';
import { filterFaults } from '../filter/filter.validation.js';
import { apiVersionOf } from '../kinds/resource-kind.types.js';
import { destinationFaults, exclusionFaults, isHttpUrl } from '../meta/destination.validation.js';
import type { ObjectReference } from '../meta/object-reference.schema.js';
import { localReferenceFaults, referenceKindFaults } from '../meta/object-reference.validation.js';
import { parseStartPosition } from './start-position.js';
import type { ReplySpec, SubscriberSpec, Subscription } from './subscription.schema.js';

/** `startPosition` is among them since leaving it out says the same as `resume`; it has a rule of its own. */
const MUTABLE_FIELDS = ['subscriber', 'reply', 'delivery', 'filters', 'paused', 'startPosition'];

const IMMUTABLE_ADVICE = 'delete the Subscription and create it again';

const CHANNEL_REFERENCE = { apiVersion: apiVersionOf(CHANNEL), kind: CHANNEL.kind };

/** Faults of a Subscription (Knative Eventing v0.4 `subscription_validation.go`, and what it let pass). */
export function validateSubscription({ spec }: Subscription): FieldFault[] {
  if (isAbsent(spec?.channel)) {
    return [required('spec.channel', 'the Channel whose events are delivered: apiVersion, kind and name')];
  }
  return [
    ...channelFaults(
      spec.channel,
      'spec.channel',
      'create the Subscription in the namespace of the Channel and give the subscriber by its uri',
    ),
    ...targetFaults(spec.subscriber, spec.reply),
    ...deliveryFaults(spec.delivery, 'spec.delivery'),
    ...filterFaults(spec.filters, 'spec.filters'),
    ...startPositionFaults(spec.startPosition),
  ];
}

/**
 * Channel, start position and order of delivery stay: what becomes of events in flight when a Subscription changes its Channel has no good
 * answer, a Subscription begins once, and an order that was given up for a moment is lost.
 */
export function validateSubscriptionUpdate(
  subscription: Subscription,
  previous: Subscription,
  lookup: AdmissionLookup,
): FieldFault[] {
  const startPosition = subscription.spec?.startPosition ?? 'resume';
  return [
    ...immutabilityFaults(subscription.spec, previous.spec, MUTABLE_FIELDS, IMMUTABLE_ADVICE),
    ...(startPosition === (previous.spec?.startPosition ?? 'resume')
      ? []
      : [forbidden('spec.startPosition', `field is immutable; ${IMMUTABLE_ADVICE}`)]),
    ...orderingFaults(orderingOf(subscription, lookup), orderingOf(previous, lookup), IMMUTABLE_ADVICE),
  ];
}

/** The order that holds for a Subscription; where it has no delivery of its own, that of its Channel. */
function orderingOf({ metadata, spec }: Subscription, lookup: AdmissionLookup) {
  const channelKey = { namespace: metadata.namespace, name: spec?.channel?.name ?? '' };
  return resolveDelivery(ownOrInherited(spec?.delivery, lookup.get(CHANNEL, channelKey)?.spec?.delivery)).ordering;
}

function startPositionFaults(startPosition: string | undefined): FieldFault[] {
  return parseStartPosition(startPosition) === undefined
    ? [
        invalid(
          'spec.startPosition',
          startPosition,
          'must be resume, latest, earliest, or a time as in 2026-01-31T12:00:00Z (RFC 3339)',
        ),
      ]
    : [];
}

function targetFaults(subscriber: SubscriberSpec | undefined, reply: ReplySpec | undefined): FieldFault[] {
  if (isAbsent(subscriber) && isAbsent(reply)) {
    return [required('spec.subscriber', 'at least one of spec.subscriber and spec.reply')];
  }
  return [
    ...(isAbsent(subscriber) ? [] : subscriberFaults(subscriber)),
    ...(isAbsent(reply) ? [] : replyFaults(reply)),
  ];
}

function subscriberFaults(subscriber: SubscriberSpec): FieldFault[] {
  const { ref, uri, dnsName } = subscriber;
  const exclusion = exclusionFaults({ ref, uri, dnsName }, 'spec.subscriber');
  if (exclusion.length > 0) {
    return exclusion;
  }
  if (dnsName === undefined) {
    return destinationFaults(subscriber, 'spec.subscriber');
  }
  return isHttpUrl(dnsName.includes('://') ? dnsName : `http://${dnsName}`)
    ? []
    : [
        invalid(
          'spec.subscriber.dnsName',
          dnsName,
          'must be a host name or an http or https URL, as in consumer.example.com',
        ),
      ];
}

function replyFaults(reply: ReplySpec): FieldFault[] {
  const { channel, ref, uri } = reply;
  const exclusion = exclusionFaults({ channel, ref, uri }, 'spec.reply');
  if (exclusion.length > 0) {
    return exclusion;
  }
  return channel === undefined
    ? destinationFaults(reply, 'spec.reply')
    : channelFaults(channel, 'spec.reply.channel', 'reply to a Channel of this namespace, or to spec.reply.uri');
}

function channelFaults(reference: ObjectReference, path: string, crossNamespaceAdvice: string): FieldFault[] {
  return [
    ...localReferenceFaults(reference, path, crossNamespaceAdvice),
    ...referenceKindFaults(reference, path, CHANNEL_REFERENCE),
  ];
}

/** An empty object counts as absent, as in 2019. */
function isAbsent(part: object | undefined): part is undefined {
  return part === undefined || Object.values(part).every((value) => value === undefined);
}
