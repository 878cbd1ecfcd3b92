import { createHash } from 'node:crypto';
import type { DriverChannel, DriverSubscription } from '@millrace/eventing-api';

/*
 * Names on the broker. They are a stable interface: a changed name is a lost topic (names.golden.json). Kafka allows 249 characters of [A-Za-z0-9._-].
 * Kubernetes names have no underscore, so that one parts a topic from a Subscription.
 */

const MAX_NAME = 249;

/** Leaves room behind a topic's name for that of a Subscription, so that every group of a topic begins with it. */
const MAX_TOPIC = 180;

const PREFIXES: Readonly<Record<DriverChannel['purpose'], string>> = { events: 'kn', 'dead-letters': 'kn-dl' };

/** `kn.<namespace>.<name>.<uid>`, dead letters `kn-dl.…`; a name that is too long is cut, and told apart by a hash. */
export function topicName({ purpose, namespace, name, uid }: DriverChannel): string {
  const before = `${PREFIXES[purpose]}.${namespace}.`;
  const after = `.${uid}`;
  return before + fitted(name, MAX_TOPIC - before.length - after.length) + after;
}

/** What the names of all consumer groups of a Channel begin with. */
export function groupPrefix(channel: DriverChannel): string {
  return `${topicName(channel)}_`;
}

/** `<topic>_<name of the Subscription>`: a Subscription that is made anew under its name finds its position. */
export function groupName({ channel, name }: DriverSubscription): string {
  const prefix = groupPrefix(channel);
  return prefix + fitted(name, MAX_NAME - prefix.length);
}

function fitted(name: string, maxLength: number): string {
  if (name.length <= maxLength) return name;
  const mark = `-x${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  return name.slice(0, Math.max(0, maxLength - mark.length)) + mark;
}
