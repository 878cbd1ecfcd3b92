import { createHash } from 'node:crypto';
import type { DriverChannel, DriverSubscription } from '@millrace/eventing-api';

/**
 * Names on the NATS server. They are a stable interface: a change would lose sight of every stream and every position.
 *
 * A token is 128 bits in base32, 26 letters and digits: within the alphabet of stream names, durables and subjects, below the 32 characters that NATS advises, and
 * told apart whatever their case.
 */

/** The stream that holds which process consumes what, one for all Channels of an account. */
export const OWNERS_STREAM = 'KN_OWNERS';
export const OWNERS_SUBJECTS = 'kn-owners.>';

const STREAM_PREFIX = { events: 'KN', 'dead-letters': 'KD' } as const;
const SUBJECT_PREFIX = { events: 'kn', 'dead-letters': 'kd' } as const;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The stream of a Channel: `KN_<token of the uid>`; `KD_...` for dead letters. */
export function streamName({ uid, purpose }: Pick<DriverChannel, 'uid' | 'purpose'>): string {
  return `${STREAM_PREFIX[purpose]}_${uidToken(uid)}`;
}

/** The subject of one partition of a Channel: `kn.<token of the uid>.<partition>`. */
export function partitionSubject({ uid, purpose }: Pick<DriverChannel, 'uid' | 'purpose'>, partition: number): string {
  return `${SUBJECT_PREFIX[purpose]}.${uidToken(uid)}.${partition}`;
}

/** The durable that keeps the position of a Subscription in one partition: `S_<token of the name>_<partition, two digits>`. */
export function durableName({ name }: Pick<DriverSubscription, 'name'>, partition: number): string {
  return `S_${hashToken(name)}_${String(partition).padStart(2, '0')}`;
}

/** Where the processes that consume a Subscription agree on who consumes which partition: `kn-owners.<stream>.<token of the name>`. */
export function ownersSubject({ channel, name }: Pick<DriverSubscription, 'channel' | 'name'>): string {
  return `kn-owners.${streamName(channel)}.${hashToken(name)}`;
}

/** Begins the subjects with which messages of a Channel are acknowledged (`$JS.ACK.<stream>.<durable>.…`, ADR-15 of NATS). */
export function ackSubject({ channel }: Pick<DriverSubscription, 'channel'>): string {
  return `$JS.ACK.${streamName(channel)}`;
}

/** The subjects of all Subscriptions of a Channel in `OWNERS_STREAM`. */
export function ownersSubjects(channel: Pick<DriverChannel, 'uid' | 'purpose'>): string {
  return `kn-owners.${streamName(channel)}.*`;
}

/** A UUID as it is, so that the name can be read backwards; anything else by its hash. */
function uidToken(uid: string): string {
  return UUID.test(uid) ? base32(Buffer.from(uid.replaceAll('-', ''), 'hex')) : hashToken(uid);
}

function hashToken(text: string): string {
  return base32(createHash('sha256').update(text).digest().subarray(0, 16));
}

function base32(bytes: Buffer): string {
  let [text, bits, bitCount] = ['', 0, 0];
  for (const byte of bytes) {
    bits = (bits << 8) | byte;
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      text += ALPHABET.charAt((bits >> bitCount) & 31);
    }
    bits &= (1 << bitCount) - 1;
  }
  return bitCount > 0 ? text + ALPHABET.charAt((bits << (5 - bitCount)) & 31) : text;
}
