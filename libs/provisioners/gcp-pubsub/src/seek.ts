import { promisify } from 'node:util';
import type { PubSub } from '@google-cloud/pubsub';
import { adminCall } from './admin-call.js';

/**
 * Moves a subscription to a time: earlier messages count as acknowledged, later ones as not, as far as they are kept. The client's own
 * `seek` loses the milliseconds (6.3.0 writes them into `nanos` a thousand times too small).
 */
export async function seek(client: PubSub, subscription: string, timeMs: number): Promise<void> {
  const seconds = Math.floor(timeMs / 1000);
  const time = { seconds, nanos: (timeMs - seconds * 1000) * 1_000_000 };
  const request = {
    client: 'SubscriberClient' as const,
    method: 'seek',
    reqOpts: { subscription, time },
    gaxOpts: adminCall(),
  };
  await promisify(client.request.bind(client))(request);
}
