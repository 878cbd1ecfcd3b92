import { createHash } from 'node:crypto';
import type { DriverChannel, DriverSubscription } from '@millrace/eventing-api';

/** The one Subscription of a dead-letter Channel: stores that keep nothing without a Subscription keep letters for it. */
const READER = 'dead-letters';

/**
 * The Channel of the store that keeps the dead letters of one Subscription. It is keyed as positions are, by the Subscription's name within its Channel:
 * a Subscription that is made anew finds the letters of its namesake (docs/adr/0028).
 */
export function deadLetterChannel(channel: DriverChannel, subscription: string): DriverChannel {
  return { ...channel, purpose: 'dead-letters', name: subscription, uid: uidOf(`${channel.uid}/${subscription}`) };
}

export function deadLetterReader(place: DriverChannel): DriverSubscription {
  return { channel: place, name: READER, uid: place.uid };
}

/** A UUID made of a text, the same each time (RFC 9562 section 5.8). */
function uidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
