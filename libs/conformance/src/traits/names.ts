import { expect } from 'vitest';
import type { DriverChannel } from '@millrace/eventing-api';
import { deadLetters } from '../requirement/needs.js';
import { contractType } from '../requirement/sources.js';
import type { Requirement } from '../requirement/requirement.types.js';
import type { ConformanceSubject } from '../subject/conformance-subject.js';
import { RecordingHandler } from '../subject/recording-handler.js';

/** DNS labels: as long as they get, of digits, of dashes, and such that a careless joint makes them equal. */
const LABELS = ['x'.repeat(63), `${'x'.repeat(62)}y`, '0', '007', 'a--b', 'a-b', 'ab', 'a', 'constructor'];

/** Names of other Kubernetes objects may have dots and 253 characters. */
const SUBDOMAINS = [...LABELS, 'a.b', 'b.a', 'a-b.c', 'a.b-c', `${'y.'.repeat(126)}z`, `${'y.'.repeat(126)}w`];

/** Each of these gets its own event, and no other. */
async function expectApart(
  subject: ConformanceSubject,
  pairs: readonly { readonly channel: DriverChannel; readonly name: string }[],
): Promise<void> {
  const readers: { readonly event: string; readonly handler: RecordingHandler }[] = [];
  for (const [index, { channel, name }] of pairs.entries()) {
    const [subscription] = await subject.readyOn(channel, name);
    const handler = new RecordingHandler('delivered');
    subject.consume(subscription, handler);
    await subject.storeIn(channel, `event-${index}`);
    readers.push({ event: `event-${index}`, handler });
  }
  for (const { event, handler } of readers) {
    await subject.eventually(() => expect([...handler.distinctIds]).toEqual([event]));
  }
}

const channels: Requirement = {
  id: 'names/channels',
  title: 'MUST serve Channels of every legal namespace and name, and keep them apart',
  source: contractType('DriverChannel'),
  profile: 'core',
  async check(subject) {
    const names = LABELS.flatMap((name) => [
      { namespace: name, name: 'orders' },
      { namespace: 'conformance', name },
    ]);
    await expectApart(
      subject,
      names.map((variation) => ({ channel: subject.newChannel(variation), name: 'a' })),
    );
  },
};

const subscriptions: Requirement = {
  id: 'names/subscriptions',
  title: 'MUST serve Subscriptions of every legal name, and keep those of one Channel apart',
  source: contractType('DriverSubscription'),
  profile: 'core',
  async check(subject) {
    const all = await subject.ready(...SUBDOMAINS);
    await subject.store('1');
    for (const subscription of all) {
      const handler = new RecordingHandler('delivered');
      const consumption = subject.consume(subscription, handler);
      await subject.eventually(() => expect([...handler.distinctIds]).toEqual(['1']));
      await consumption.stop(AbortSignal.abort());
    }
  },
};

const places: Requirement = {
  id: 'names/dead-letter-places',
  title: 'MUST serve dead-letter Channels, which have the name of a Subscription, and keep them apart',
  source: contractType('DriverChannel'),
  profile: 'dead-letters',
  needs: deadLetters,
  async check(subject) {
    const place = (name: string) => subject.newChannel({ purpose: 'dead-letters', name });
    await expectApart(
      subject,
      SUBDOMAINS.map((name) => ({ channel: place(name), name: 'dead-letters' })),
    );
  },
};

/** Odd names. */
export const names: readonly Requirement[] = [channels, subscriptions, places];
