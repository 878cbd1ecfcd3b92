import type { PublishRefusal } from '../driver/channel-driver.types.js';
import type { CodeReference, CodeText } from './code-reference.js';

/** Why a store did not take an event. */
export const PUBLISH_REFUSAL_REFERENCE = {
  title: 'Refusals of a store',
  about:
    'What a driver answers to `publish` instead of `stored`. The intake turns it into an HTTP status, and passes the text on.',
  codes: {
    'too-large': {
      meaning: 'The event is larger than the store takes. Answered with 413.',
      action: 'Send less, or raise the limit of the store; the text tells it.',
    },
    full: {
      meaning: 'A bound of the store is reached. Answered with 429.',
      action: 'Send again after `Retry-After`; if it lasts, a Subscription is too slow: look at its pending events.',
    },
    'not-found': {
      meaning: 'The store does not have what keeps the events of the Channel, which is made again. Answered with 503.',
      action: 'Look at the conditions of the Channel; it may be going, or not be ready yet.',
    },
    unavailable: {
      meaning: 'The store cannot be reached or is short of replicas. Answered with 503.',
      action: 'Send again later; look at the store, and at the conditions of its ClusterChannelProvisioner.',
    },
    timeout: {
      meaning: 'The store did not answer in time; it may have the event. Answered with 503.',
      action: 'Send again later: a subscriber may see the event twice, with the same `ce-id`.',
    },
    forbidden: {
      meaning: 'The store refuses our credentials or rights. Answered with 503.',
      action: 'Correct the Secret that the ClusterChannelProvisioner names, or the rights of its user in the store.',
    },
    'not-delivered': {
      meaning:
        '`in-memory-channel` only: at least one Subscription did not take the event. Answered with 500, as in 2019.',
      action:
        'Look at the Subscriptions that the text names. Those that took the event get it again when it is sent again.',
    },
  } satisfies Record<PublishRefusal, CodeText>,
} as const satisfies CodeReference;
