import type { CodeReference } from './code-reference.js';

/** Why events of a Subscription are gone from a store that lives in this process (`SubscriptionAccount.droppedByReason`). */
export const STORE_DROP_REASON_REFERENCE = {
  title: 'Events that a store gave up',
  about:
    'Label `reason` of `millrace_store_events_dropped_total`: events that were accepted and will not be delivered.',
  codes: {
    handler: {
      meaning: 'The delivery gave the event up.',
      action: 'See `millrace_delivery_events_dropped_total` for its reason.',
    },
    'channel-deleted': {
      meaning: 'The Channel was deleted and the time for what it still held (`--deletion-grace-period`) was over.',
      action: 'Delete a Channel when its Subscriptions have caught up, or allow more time.',
    },
    'subscription-deleted': {
      meaning: 'The Subscription was deleted, and nobody took its position up again.',
      action: 'To change a Subscription, create it again under its name within the grace period: it resumes.',
    },
    'shut-down': {
      meaning: 'The process ended while events were left, and memory went with it.',
      action: 'Allow more time (`--shutdown-timeout`), or use a provisioner whose store survives a restart.',
    },
  },
} as const satisfies CodeReference;
