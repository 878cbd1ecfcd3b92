import { CloudEvent } from 'cloudevents';
import type { Event } from '@millrace/eventing-api';
import { pathOfInvolvedObject } from './event-path.js';

/** Type of the CloudEvents that this source emits (Knative Eventing Sources v0.4). */
export const KUBERNETES_EVENT_TYPE = 'dev.knative.k8s.event';

/**
 * A Kubernetes Event as a CloudEvent 1.0. The id is the Event's UID and version: each time that an Event counts up is a CloudEvent of its own, and the same
 * one has the same id however often it is seen (in 2019 the UID alone made them indistinguishable).
 */
export function toCloudEvent(event: Event): CloudEvent<Event> {
  const { uid = '', resourceVersion = '', name } = event.metadata;
  return new CloudEvent<Event>({
    id: `${uid}-${resourceVersion}`,
    source: pathOfInvolvedObject(event),
    type: KUBERNETES_EVENT_TYPE,
    ...(name === undefined ? {} : { subject: name }),
    time: new Date(occurredAtMs(event)).toISOString(),
    datacontenttype: 'application/json',
    data: event,
  });
}

/** When it happened last, as the Event tells it. */
export function occurredAtMs(event: Event): number {
  const time = event.lastTimestamp ?? event.eventTime ?? event.firstTimestamp ?? event.metadata.creationTimestamp;
  const atMs = Date.parse(time ?? '');
  return Number.isNaN(atMs) ? 0 : atMs;
}
