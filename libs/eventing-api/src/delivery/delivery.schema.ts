import { Type, type Static } from 'typebox';
import { Destination } from '../meta/destination.schema.js';

const Duration = (description: string) => Type.String({ description, examples: ['PT0.2S', 'PT30S', 'PT1M'] });

/**
 * How events are delivered to a subscriber (fields of Knative's `DeliverySpec`, knative/eventing `delivery_types.go`, and `maxInFlight`).
 * On a Channel it is the default for Subscriptions that set none; on a Subscription it replaces the Channel's whole.
 */
export const DeliverySpec = Type.Object(
  {
    retry: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        description: 'Retries after the first attempt, 1000 at most. Default 10.',
      }),
    ),
    backoffPolicy: Type.Optional(
      Type.Enum(['linear', 'exponential'], {
        description:
          'How the wait grows from retry to retry: linear (delay times n) or exponential (delay times 2^(n-1)). Default exponential.',
      }),
    ),
    backoffDelay: Type.Optional(Duration('ISO 8601 duration of the first wait, P7D at most. Default PT0.2S.')),
    backoffMax: Type.Optional(Duration('ISO 8601 duration that no wait exceeds, P7D at most. Default PT60S.')),
    timeout: Type.Optional(Duration('ISO 8601 duration of one attempt. Default PT30S.')),
    retryAfterMax: Type.Optional(
      Duration(
        'ISO 8601 duration up to which a Retry-After of the subscriber (429, 503) is honoured; PT0S ignores it. Default PT5M.',
      ),
    ),
    maxInFlight: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10000,
        description: 'Events on their way to the subscriber at one time, 1 to 10000. Default 64.',
      }),
    ),
    ordering: Type.Optional(
      Type.Enum(['none', 'key'], {
        description:
          'key: events of one `partitionkey` are delivered one after the other, in the order in which they were stored. Default none. Cannot be changed.',
      }),
    ),
    deadLetterSink: Type.Optional(
      Type.Object(Destination.properties, {
        description:
          'Where events are sent that cannot be delivered: exactly one of ref (a Service, a Channel, any object with an address) and uri. Default: they are kept beside the events of the Channel, where its provisioner can.',
      }),
    ),
  },
  {
    description:
      'How events are delivered: retries, back-off, time-out, concurrency, order, and where events go that cannot be delivered.',
  },
);
export type DeliverySpec = Static<typeof DeliverySpec>;
