import type { FieldFault } from '../admission/admission.types.js';
import { forbidden, invalid, required } from '../admission/faults.js';
import { immutabilityFaults } from '../admission/immutability.js';
import { deliveryFaults } from '../delivery/delivery.validation.js';
import { EVENTING_GROUP, VERSION } from '../kinds/groups.js';
import type { ObjectReference } from '../meta/object-reference.schema.js';
import { localReferenceFaults, referenceKindFaults } from '../meta/object-reference.validation.js';
import type { ReplySpec, SubscriberSpec, Subscription } from './subscription.schema.js';

const MUTABLE_FIELDS = ['subscriber', 'reply', 'delivery'];

const CHANNEL_REFERENCE = { apiVersion: `${EVENTING_GROUP}/${VERSION}`, kind: 'Channel' };

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
  ];
}

/** Only subscriber, reply and delivery may change: what becomes of events in flight when a Subscription changes its Channel has no good answer. */
export function validateSubscriptionUpdate(subscription: Subscription, previous: Subscription): FieldFault[] {
  return immutabilityFaults(
    subscription.spec,
    previous.spec,
    MUTABLE_FIELDS,
    'delete the Subscription and create it again',
  );
}

function targetFaults(subscriber: SubscriberSpec | undefined, reply: ReplySpec | undefined): FieldFault[] {
  if (isAbsent(subscriber) && isAbsent(reply)) {
    return [required('spec.subscriber', 'at least one of spec.subscriber and spec.reply')];
  }
  return [
    ...(isAbsent(subscriber) ? [] : subscriberFaults(subscriber)),
    ...(reply?.channel === undefined
      ? []
      : channelFaults(reply.channel, 'spec.reply.channel', 'reply to a Channel of this namespace')),
  ];
}

function subscriberFaults({ ref, uri, dnsName }: SubscriberSpec): FieldFault[] {
  const named = Object.entries({ ref, uri, dnsName }).filter(([, value]) => value !== undefined);
  if (named.length !== 1) {
    const names = named.map(([name]) => name).join(' and ');
    return [forbidden('spec.subscriber', `${names} exclude each other; set exactly one of ref, uri and dnsName`)];
  }
  if (ref !== undefined) {
    return localReferenceFaults(
      ref,
      'spec.subscriber.ref',
      'give the address of the subscriber as spec.subscriber.uri',
    );
  }
  if (uri !== undefined && !isHttpUrl(uri)) {
    return [
      invalid('spec.subscriber.uri', uri, 'must be an absolute http or https URL, as in http://consumer.example.com/'),
    ];
  }
  if (dnsName !== undefined && !isHttpUrl(dnsName.includes('://') ? dnsName : `http://${dnsName}`)) {
    return [
      invalid(
        'spec.subscriber.dnsName',
        dnsName,
        'must be a host name or an http or https URL, as in consumer.example.com',
      ),
    ];
  }
  return [];
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

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
}
