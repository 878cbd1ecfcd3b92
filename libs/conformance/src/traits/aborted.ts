import { expect } from 'vitest';
import type { PublishResult } from '@millrace/eventing-api';
import { contractOf, consumptionContract } from '../requirement/sources.js';
import type { Requirement } from '../requirement/requirement.types.js';
import type { ConformanceSubject } from '../subject/conformance-subject.js';
import { expectRefused } from '../subject/expectations.js';
import { RecordingHandler } from '../subject/recording-handler.js';
import { pastDeadline } from '../subject/waiting.js';

/** When the time of a publish is up. */
const MOMENTS = [
  { id: 'before-publish', when: 'before it begins', abortAt: 'before' },
  { id: 'during-publish', when: 'while it is under way', abortAt: 'during' },
] as const;

const publishes: readonly Requirement[] = MOMENTS.map(({ id, when, abortAt }) => ({
  id: `aborted/${id}`,
  title: `MUST answer timeout at once when the time of a publish is up ${when}, unless the event is stored already`,
  source: contractOf('publish'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const time = new AbortController();
    if (abortAt === 'before') time.abort();
    const publishing = subject.publish('1', subject.channel, time.signal);
    time.abort();
    const result = await subject.within(publishing, 'a publish whose time is up');
    if (result.outcome === 'stored') await expectStored(subject, a);
    else expectTimeout(result);
  },
}));

function expectTimeout(result: PublishResult): void {
  const { message } = expectRefused(result, 'timeout');
  expect(message).not.toBe('');
}

async function expectStored(
  subject: ConformanceSubject,
  subscription: Parameters<ConformanceSubject['consume']>[0],
): Promise<void> {
  const handler = new RecordingHandler('delivered');
  subject.consume(subscription, handler);
  await subject.eventually(() => expect(handler.ids).toEqual(['1']));
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
export const aborted: readonly Requirement[] = [...publishes, stop];
