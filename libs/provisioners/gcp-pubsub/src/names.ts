import { createHash } from 'node:crypto';
import type { DriverChannel, DriverSubscription } from '@millrace/eventing-api';

/** Of the name of a topic or subscription (Pub/Sub, "Guidelines to name a topic or a subscription"). */
const MAX_LENGTH = 255;
const MAX_NAMESPACE = 63;
const MAX_UID = 36;
/** Characters of a hash that stands for what was cut off, `~` included. */
const HASH_LENGTH = 17;

const TOPIC_PREFIX = { events: 'kn', 'dead-letters': 'kn-dead' } as const;
const SUBSCRIPTION_PREFIX = { events: 'kn-sub', 'dead-letters': 'kn-dead-sub' } as const;

/**
 * The topic of a Channel: `kn.<namespace>.<name>.<uid>`. Read from both ends it gives them back: a namespace has no dot, and the UID is the last part. The UID keeps
 * a Channel that is made anew under its old name from the events of the former.
 */
export function topicName({ purpose, namespace, name, uid }: DriverChannel): string {
  const start = `${TOPIC_PREFIX[purpose]}.${fitLabel(namespace, MAX_NAMESPACE)}.`;
  const end = `.${fitLabel(uid, MAX_UID)}`;
  return start + fitName(name, MAX_LENGTH - start.length - end.length) + end;
}

/** The subscription of a Subscription: `kn-sub.<UID of the Channel>.<name>`. It has no UID of its own: a Subscription that is made anew resumes. */
export function subscriptionName({ channel, name }: DriverSubscription): string {
  const start = subscriptionPrefix(channel);
  return start + fitName(name, MAX_LENGTH - start.length);
}

/** What the names of all subscriptions of a Channel begin with. */
export function subscriptionPrefix({ purpose, uid }: DriverChannel): string {
  return `${SUBSCRIPTION_PREFIX[purpose]}.${fitLabel(uid, MAX_UID)}.`;
}

/** The UID as the value of a label, at most 63 characters of `[a-z0-9_-]`. */
export function uidLabel({ uid }: DriverChannel): string {
  return fitLabel(uid, MAX_UID).replace('~', '_');
}

function fitLabel(text: string, maxLength: number): string {
  return fit(text, maxLength, /[^a-z0-9-]/);
}

function fitName(text: string, maxLength: number): string {
  return fit(text, maxLength, /[^a-z0-9.-]/);
}

/** The text where it fits; else as much of it as does, and a hash of the whole. No name in Kubernetes has a `~`, so that the two never meet. */
function fit(text: string, maxLength: number, foreign: RegExp): string {
  if (text !== '' && text.length <= maxLength && !foreign.test(text)) return text;
  const hash = createHash('sha256')
    .update(text)
    .digest('hex')
    .slice(0, HASH_LENGTH - 1);
  return `${text.replaceAll(new RegExp(foreign, 'g'), '-').slice(0, maxLength - HASH_LENGTH)}~${hash}`;
}
