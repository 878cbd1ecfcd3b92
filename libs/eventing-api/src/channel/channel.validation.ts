import type { FieldFault } from '../admission/admission.types.js';
import { dnsLabelFaults } from '../admission/dns-label.js';
import { childPath, forbidden, required } from '../admission/faults.js';
import { immutabilityFaults } from '../admission/immutability.js';
import { CLUSTER_CHANNEL_PROVISIONER_KIND } from '../cluster-channel-provisioner/cluster-channel-provisioner.kind.js';
import {
  DEFAULT_PROVISIONER_ANNOTATION,
  IS_DEFAULT_PROVISIONER_ANNOTATION,
} from '../cluster-channel-provisioner/default-provisioner.js';
import { resolveDelivery } from '../delivery/delivery.defaults.js';
import { deliveryFaults, orderingFaults } from '../delivery/delivery.validation.js';
import { filterFaults } from '../filter/filter.validation.js';
import { apiVersionOf } from '../kinds/resource-kind.types.js';
import { referenceKindFaults } from '../meta/object-reference.validation.js';
import type { ObjectReference } from '../meta/object-reference.schema.js';
import { completeProvisionerReference } from './channel.defaults.js';
import type { Channel, ChannelSubscriber } from './channel.schema.js';

const MUTABLE_FIELDS = ['arguments', 'subscribable', 'delivery'];

/** Faults of a Channel after defaulting (Knative Eventing v0.4 `channel_validation.go`, and what it let pass). */
export function validateChannel(channel: Channel): FieldFault[] {
  const subscribers = channel.spec?.subscribable?.subscribers ?? [];
  return [
    ...dnsLabelFaults(channel.metadata, "a Channel's name is part of its host name"),
    ...provisionerFaults(channel.spec?.provisioner),
    ...deliveryFaults(channel.spec?.delivery, 'spec.delivery'),
    ...subscribers.flatMap((subscriber, index) =>
      subscriberFaults(subscriber, childPath('spec.subscribable.subscribers', index)),
    ),
  ];
}

/** Everything but arguments, subscribable and delivery stays, and the order of delivery as well; a provisioner that was never set may still be. */
export function validateChannelUpdate(channel: Channel, previous: Channel): FieldFault[] {
  const before = previous.spec?.provisioner;
  const provisioner = before === undefined ? channel.spec?.provisioner : completeProvisionerReference(before);
  const advice = 'create another Channel and move the producers and Subscriptions over';
  return [
    ...immutabilityFaults(
      channel.spec,
      { ...previous.spec, ...(provisioner === undefined ? {} : { provisioner }) },
      MUTABLE_FIELDS,
      advice,
    ),
    ...orderingFaults(
      resolveDelivery(channel.spec?.delivery).ordering,
      resolveDelivery(previous.spec?.delivery).ordering,
      advice,
    ),
  ];
}

function provisionerFaults(provisioner: ObjectReference | undefined): FieldFault[] {
  const path = 'spec.provisioner';
  if (provisioner === undefined) {
    const advice =
      `name a ClusterChannelProvisioner, or mark a default: annotate a ClusterChannelProvisioner with ${IS_DEFAULT_PROVISIONER_ANNOTATION}=true, ` +
      `or the namespace with ${DEFAULT_PROVISIONER_ANNOTATION}=<name>`;
    return [required(path, advice)];
  }
  return [
    ...(provisioner.name === undefined || provisioner.name === ''
      ? [required(childPath(path, 'name'), 'name of a ClusterChannelProvisioner')]
      : []),
    ...referenceKindFaults(provisioner, path, {
      apiVersion: apiVersionOf(CLUSTER_CHANNEL_PROVISIONER_KIND),
      kind: CLUSTER_CHANNEL_PROVISIONER_KIND.kind,
    }),
    ...(provisioner.namespace === undefined || provisioner.namespace === ''
      ? []
      : [forbidden(childPath(path, 'namespace'), 'a ClusterChannelProvisioner has no namespace; leave it out')]),
  ];
}

function subscriberFaults(subscriber: ChannelSubscriber, path: string): FieldFault[] {
  const hasTarget = [subscriber.subscriberURI, subscriber.replyURI].some((uri) => uri !== undefined && uri !== '');
  return [
    ...(hasTarget ? [] : [required(path, 'at least one of subscriberURI and replyURI')]),
    ...deliveryFaults(subscriber.delivery, childPath(path, 'delivery')),
    ...filterFaults(subscriber.filters, childPath(path, 'filters')),
  ];
}
