import { Type, type Static } from 'typebox';
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
  { channel: Type.Optional(ObjectReference) },
  { description: 'Where events go that the subscriber returns.' },
);
export type ReplySpec = Static<typeof ReplySpec>;

export const SubscriptionSpec = Type.Object(
  {
    generation: Type.Optional(Type.Integer({ description: 'Left over from 2018; unused.' })),
    channel: Type.Optional(ObjectReference),
    subscriber: Type.Optional(SubscriberSpec),
    reply: Type.Optional(ReplySpec),
    delivery: Type.Optional(DeliverySpec),
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
