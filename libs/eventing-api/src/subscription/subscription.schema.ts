import { Type, type Static } from 'typebox';
import { EventFilters } from '../filter/filter.schema.js';
import { DeliverySpec } from '../delivery/delivery.schema.js';
import { customResource } from '../kinds/custom-resource.schema.js';
import { Conditions } from '../meta/condition.schema.js';
import { ObjectReference } from '../meta/object-reference.schema.js';

export const SubscriberSpec = Type.Object(
  {
    ref: Type.Optional(ObjectReference),
    dnsName: Type.Optional(
      Type.String({ description: 'URL or host of the subscriber, as in 2019; `uri` is the newer name.' }),
    ),
    uri: Type.Optional(Type.String({ description: 'Absolute http(s) URL of the subscriber.' })),
  },
  { description: 'Who gets the events: exactly one of ref, uri and dnsName.' },
);
export type SubscriberSpec = Static<typeof SubscriberSpec>;

export const ReplySpec = Type.Object(
  {
    channel: Type.Optional(ObjectReference),
    ref: Type.Optional(ObjectReference),
    uri: Type.Optional(Type.String({ description: 'Absolute http(s) URL.' })),
  },
  { description: 'Where events go that the subscriber returns: at most one of channel (as in 2019), ref and uri.' },
);
export type ReplySpec = Static<typeof ReplySpec>;

export const SubscriptionSpec = Type.Object(
  {
    generation: Type.Optional(Type.Integer({ description: 'Left over from 2018; unused.' })),
    channel: Type.Optional(ObjectReference),
    subscriber: Type.Optional(SubscriberSpec),
    reply: Type.Optional(ReplySpec),
    delivery: Type.Optional(DeliverySpec),
    filters: Type.Optional(EventFilters),
    paused: Type.Optional(
      Type.Boolean({
        description:
          'While true nothing is delivered and events wait in the store, as far as it has room; the Subscription stays Ready. Default false.',
      }),
    ),
    startPosition: Type.Optional(
      Type.String({
        description:
          'Where a new Subscription begins: resume (where a Subscription of this name stood, else latest), latest, earliest, or an RFC 3339 time; the last two where the provisioner can. Default resume. Cannot be changed.',
        examples: ['resume', 'latest', 'earliest', '2026-01-31T12:00:00Z'],
      }),
    ),
  },
  { description: 'Which Channel, which subscriber, and where replies go.' },
);
export type SubscriptionSpec = Static<typeof SubscriptionSpec>;

export const SubscriptionStatus = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ description: 'Generation that this status reflects.' })),
    conditions: Type.Optional(Conditions),
    physicalSubscription: Type.Optional(
      Type.Object(
        {
          subscriberURI: Type.Optional(Type.String({ description: 'Resolved URL of the subscriber.' })),
          replyURI: Type.Optional(Type.String({ description: 'Resolved URL for replies.' })),
          deadLetterSinkURI: Type.Optional(Type.String({ description: 'Resolved URL of the dead letter sink.' })),
        },
        { description: 'The resolved addresses.' },
      ),
    ),
  },
  { description: 'What the Subscription is.' },
);
export type SubscriptionStatus = Static<typeof SubscriptionStatus>;

/** A Subscription forwards the events of one Channel to one subscriber (Knative Eventing v0.4 `subscription_types.go`; `uri` as of v0.5). */
export const Subscription = customResource(
  'A Subscription delivers each event of a Channel to a subscriber and, if it returns an event, sends that to the reply Channel.',
  SubscriptionSpec,
  SubscriptionStatus,
);
export type Subscription = Static<typeof Subscription>;
