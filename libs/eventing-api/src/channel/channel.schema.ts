import { Type, type Static } from 'typebox';
import { EventFilters } from '../filter/filter.schema.js';
import { DeliverySpec } from '../delivery/delivery.schema.js';
import { customResource } from '../kinds/custom-resource.schema.js';
import { Address, Conditions } from '../meta/condition.schema.js';
import { ObjectReference } from '../meta/object-reference.schema.js';
import { OpaqueObject, StringMap } from '../meta/schema-parts.js';

/** One entry of `spec.subscribable.subscribers`: what the data plane reads of a Subscription. Written by the controller alone. */
export const ChannelSubscriber = Type.Object(
  {
    ref: Type.Optional(ObjectReference),
    uid: Type.Optional(Type.String({ description: 'UID of the Subscription.' })),
    generation: Type.Optional(
      Type.Integer({ description: 'Generation of the Subscription that this entry reflects.' }),
    ),
    subscriberURI: Type.Optional(Type.String({ description: 'Resolved URL of the subscriber.' })),
    replyURI: Type.Optional(Type.String({ description: 'Resolved URL that replies go to.' })),
    deadLetterSinkURI: Type.Optional(
      Type.String({ description: 'Resolved URL that events go to that cannot be delivered.' }),
    ),
    delivery: Type.Optional(DeliverySpec),
    filters: Type.Optional(EventFilters),
    paused: Type.Optional(Type.Boolean({ description: 'Nothing is delivered for now. Default false.' })),
    startPosition: Type.Optional(
      Type.String({ description: 'Where it begins: resume, latest, earliest or an RFC 3339 time. Default resume.' }),
    ),
  },
  { description: 'One Subscription of this Channel, resolved.' },
);
export type ChannelSubscriber = Static<typeof ChannelSubscriber>;

export const ChannelSpec = Type.Object(
  {
    generation: Type.Optional(Type.Integer({ description: 'Left over from 2018; unused.' })),
    provisioner: Type.Optional(ObjectReference),
    arguments: Type.Optional(
      OpaqueObject({
        description: "Settings of this Channel for its provisioner, checked by the provisioner's own schema.",
      }),
    ),
    delivery: Type.Optional(DeliverySpec),
    subscribable: Type.Optional(
      Type.Object(
        {
          subscribers: Type.Optional(
            Type.Array(ChannelSubscriber, { description: 'Filled in by the controller from the Subscriptions.' }),
          ),
        },
        { description: 'The subscribers of this Channel.' },
      ),
    ),
  },
  { description: 'What the Channel should be.' },
);
export type ChannelSpec = Static<typeof ChannelSpec>;

/** What the provisioner says about one entry of `spec.subscribable.subscribers`. */
export const ChannelSubscriberStatus = Type.Object(
  {
    uid: Type.String({ description: 'UID of the Subscription.' }),
    name: Type.Optional(
      Type.String({ description: 'Name of the Subscription: the key of its position in the store.' }),
    ),
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'Generation of the entry that this status reflects.' }),
    ),
    ready: Type.Enum(['True', 'False', 'Unknown'], {
      description: 'True once all future events go to this Subscription.',
    }),
    message: Type.Optional(Type.String({ description: 'Why it is not ready.' })),
    resumableUntil: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'The Subscription is gone; its position is kept until then for one that is made anew under its name.',
      }),
    ),
  },
  { description: 'State of one subscriber as the provisioner sees it.' },
);
export type ChannelSubscriberStatus = Static<typeof ChannelSubscriberStatus>;

export const ChannelStatus = Type.Object(
  {
    observedGeneration: Type.Optional(Type.Integer({ description: 'Generation that this status reflects.' })),
    conditions: Type.Optional(Conditions),
    address: Type.Optional(Address),
    subscribers: Type.Optional(Type.Array(ChannelSubscriberStatus, { description: 'State of each subscriber.' })),
    store: Type.Optional(StringMap({ description: 'Names of what keeps the events, as the store calls it.' })),
    internal: Type.Optional(OpaqueObject({ description: 'Private to the provisioner.' })),
  },
  { description: 'What the Channel is.' },
);
export type ChannelStatus = Static<typeof ChannelStatus>;

/** A Channel: a name and an address; its provisioner keeps its events (Knative Eventing v0.4 `channel_types.go`; subscriber status as of v0.7). */
export const Channel = customResource(
  'A Channel takes in CloudEvents at its address and forwards each to every Subscription of it. What keeps the events in between is the ClusterChannelProvisioner that spec.provisioner names.',
  ChannelSpec,
  ChannelStatus,
);
export type Channel = Static<typeof Channel>;
