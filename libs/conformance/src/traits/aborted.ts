import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect } from 'vitest';
import type { DriverSubscription } from '@millrace/eventing-api';
import { contractOf, consumptionContract } from '../requirement/sources.js';
import type { Requirement } from '../requirement/requirement.types.js';
import type { ConformanceSubject } from '../subject/conformance-subject.js';
import { expectRefused } from '../subject/expectations.js';
import { RecordingHandler } from '../subject/recording-handler.js';
import { pastDeadline } from '../subject/waiting.js';

/** An answer that waits for nothing takes some turns of this process, and no time of the store. */
const AT_ONCE_MS = 250;

/** Turns of this process after which the time of a publish is up: from before it can have reached the store until after most stores have answered. */
const MOMENTS = [0, ...Array.from({ length: 11 }, (_, power) => 2 ** power)];

const beforePublish: Requirement = {
  id: 'aborted/before-publish',
  title: 'MUST answer timeout at once when the time of a publish is up before it begins, unless the event is stored',
  source: contractOf('publish'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const publishing = subject.publish('1', subject.channel, pastDeadline());
    const result = await subject.within(publishing, 'a publish whose time was up', AT_ONCE_MS);
    if (result.outcome === 'stored') await expectStored(subject, a, ['1']);
    else expectRefused(result, 'timeout');
  },
};

const duringPublish: Requirement = {
  id: 'aborted/during-publish',
  title:
    'MUST answer timeout at once, at whatever moment the time of a publish is up, unless the event is stored already',
  source: contractOf('publish'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const stored: string[] = [];
    for (const turns of MOMENTS) {
      const id = `up after ${turns} turns`;
      const { result, wasOver } = await publishFor(subject, id, turns);
      if (result.outcome === 'stored') stored.push(id);
      else expectRefused(result, 'timeout');
      if (wasOver) break;
    }
    await expectStored(subject, a, stored);
  },
};

const publishInOutage: Requirement = {
  id: 'aborted/publish-in-outage',
  title: 'MUST refuse a publish as timeout, or as unavailable, at once when its time is up while the store is away',
  source: contractOf('publish'),
  profile: 'outage',
  hook: 'killStore',
  async check(subject) {
    await subject.ready('a');
    const revive = await subject.harness.killStore?.();
    try {
      const { result } = await publishFor(subject, '1', 100);
      expectRefused(result, 'timeout', 'unavailable');
    } finally {
      await revive?.();
    }
  },
};

/** Publishes with a time that is up after so many turns. `wasOver` = the answer came before that. */
async function publishFor(subject: ConformanceSubject, id: string, turns: number) {
  const time = new AbortController();
  let isOver = false;
  const publishing = subject.publish(id, subject.channel, time.signal).finally(() => (isOver = true));
  publishing.catch(() => {});
  for (let turn = 0; turn < turns && !isOver; turn++) await nextTurn();
  const wasOver = isOver;
  time.abort();
  return { result: await subject.within(publishing, 'a publish whose time was up', AT_ONCE_MS), wasOver };
}

async function expectStored(
  subject: ConformanceSubject,
  subscription: DriverSubscription,
  ids: readonly string[],
): Promise<void> {
  const handler = new RecordingHandler('delivered');
  subject.consume(subscription, handler);
  await subject.eventually(() => expect([...handler.distinctIds]).toEqual(expect.arrayContaining([...ids])));
}

const stop: Requirement = {
  id: 'aborted/stop',
  title: 'MUST end a stop whose deadline has passed already, with the events given back',
  source: consumptionContract('stop'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const deaf = new RecordingHandler();
    const consumption = subject.consume(a, deaf);
    await subject.store('1');
    await subject.eventually(() => expect(deaf.ids).toEqual(['1']));
    await subject.within(consumption.stop(pastDeadline()), 'stop with a deadline in the past');
    const handler = new RecordingHandler('delivered');
    subject.consume(a, handler);
    await subject.eventually(() => expect(handler.ids).toEqual(['1']));
  },
};

/** Called with a signal that has aborted, or aborts. */
export const aborted: readonly Requirement[] = [beforePublish, duringPublish, publishInOutage, stop];
