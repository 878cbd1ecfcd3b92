import type { Claim, ResolvedDelivery, StoredEvent } from '@millrace/eventing-api';
import { readEvents } from '@millrace/cloudevents-http';
import type { SubscriptionTarget } from '../src/index.js';

/** An event in binary mode as an intake would have read it. */
export function testEvent(id = 'A1', extraHeaders: readonly string[] = [], body = '{"n":1}'): StoredEvent {
  const headers = [
    'content-type',
    'application/json',
    'ce-specversion',
    '1.0',
    'ce-id',
    id,
    'ce-source',
    '/s',
    'ce-type',
    't',
  ];
  const reading = readEvents([...headers, ...extraHeaders], Buffer.from(body));
  if (reading.outcome !== 'events') throw new Error(reading.message);
  return reading.events[0] as StoredEvent;
}

export const testDelivery: ResolvedDelivery = {
  retry: 3,
  backoffPolicy: 'exponential',
  backoffDelayMs: 200,
  backoffMaxMs: 5000,
  timeoutMs: 30_000,
  retryAfterMaxMs: 300_000,
  maxInFlight: 64,
  ordering: 'none',
};

export function testTarget(
  addresses: Pick<SubscriptionTarget, 'subscriberUri' | 'replyUri' | 'deadLetterSinkUri' | 'filters'>,
  delivery: Partial<ResolvedDelivery> = {},
): SubscriptionTarget {
  return {
    namespace: 'default',
    name: 'sub',
    uid: 'u-1',
    channel: 'ch',
    delivery: { ...testDelivery, ...delivery },
    ...addresses,
  };
}

export function claim(signal: AbortSignal = new AbortController().signal): Claim {
  return { signal };
}
