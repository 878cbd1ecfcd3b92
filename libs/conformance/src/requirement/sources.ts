import type { ChannelDriver, Consumption } from '@millrace/eventing-api';

/** The docstring of a method of the plugin contract. */
export function contractOf(member: keyof ChannelDriver): string {
  return `eventing-api: ChannelDriver.${member}`;
}

/** The docstring of a method of a running consumption. */
export function consumptionContract(member: keyof Consumption): string {
  return `eventing-api: Consumption.${member}`;
}

/** The docstring of another type of the plugin contract. */
export function contractType(
  type:
    | 'Backlog'
    | 'Capabilities'
    | 'ChannelDriver'
    | 'ChannelDriverProvider'
    | 'ChannelReport'
    | 'Claim'
    | 'ConsumeOptions'
    | 'DriverChannel'
    | 'DriverSubscription'
    | 'Durability'
    | 'EventHandler'
    | 'PublishRefusal'
    | 'PublishResult'
    | 'Settlement'
    | 'StoredEvent'
    | 'SubscriptionAccount',
): string {
  return `eventing-api: ${type}`;
}

export const CLOUDEVENTS_ATTRIBUTES = 'CloudEvents 1.0.2, Context Attributes';
export const CLOUDEVENTS_DATA = 'CloudEvents 1.0.2, Event Data';
export const CLOUDEVENTS_SIZE = 'CloudEvents 1.0.2, Size Limits';
export const KNATIVE_CHANNEL = 'Knative Eventing control plane contract, Channel';
export const KNATIVE_SUBSCRIPTION = 'Knative Eventing control plane contract, Subscription';
export const KNATIVE_DELIVERY = 'Knative Eventing control plane contract, Event Delivery';
export const KNATIVE_ACKNOWLEDGEMENT = 'Knative Eventing data plane contract, Event Acknowledgement and Delivery Retry';
export const DELIVERY_GUIDE = 'docs/guide/delivery.md';
