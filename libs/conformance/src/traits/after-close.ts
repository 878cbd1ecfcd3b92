import { expect } from 'vitest';
import type { DriverSubscription } from '@millrace/eventing-api';
import { backlog, detachSubscription, type CapabilityNeed } from '../requirement/needs.js';
import { contractOf, contractType } from '../requirement/sources.js';
import type { Requirement } from '../requirement/requirement.types.js';
import type { ConformanceSubject } from '../subject/conformance-subject.js';
import { expectRefused, expectRejection } from '../subject/expectations.js';
import { RecordingHandler } from '../subject/recording-handler.js';

/** A method that nobody should call any more. */
interface LateCall {
  readonly id: string;
  readonly method: string;
  readonly needs?: CapabilityNeed;
  readonly call: (subject: ConformanceSubject, subscription: DriverSubscription) => unknown;
}

const CALLS: readonly LateCall[] = [
  {
    id: 'ensure-channel',
    method: 'ensureChannel',
    call: ({ driver, channel }) => driver.ensureChannel(channel),
  },
  {
    id: 'delete-channel',
    method: 'deleteChannel',
    call: ({ driver, channel }) => driver.deleteChannel(channel),
  },
  {
    id: 'ensure-subscription',
    method: 'ensureSubscription',
    call: ({ driver }, subscription) => driver.ensureSubscription(subscription, 'now'),
  },
  {
    id: 'delete-subscription',
    method: 'deleteSubscription',
    call: ({ driver }, subscription) => driver.deleteSubscription(subscription),
  },
  {
    id: 'detach-subscription',
    method: 'detachSubscription',
    needs: detachSubscription,
    call: ({ driver }, subscription) => driver.detachSubscription?.(subscription),
  },
  {
    id: 'backlog',
    method: 'backlog',
    needs: backlog,
    call: ({ driver }, subscription) => driver.backlog(subscription),
  },
  {
    id: 'consume',
    method: 'consume, or `closed` of what it returns,',
    call: (subject, subscription) => subject.consume(subscription, new RecordingHandler('delivered')).closed,
  },
];

const rejections: readonly Requirement[] = CALLS.map(({ id, method, needs, call }) => ({
  id: `after-close/${id}`,
  title: `MUST reject ${method} after close`,
  source: contractType('ChannelDriver'),
  profile: 'core',
  needs,
  async check(subject) {
    const [a] = await subject.ready('a');
    await subject.driver.close();
    const rejection = expectRejection(() => call(subject, a), `${method} after close`);
    await subject.within(rejection, `${method} after close`);
  },
}));

const refusal: Requirement = {
  id: 'after-close/publish',
  title: 'MUST refuse publishes as unavailable after close',
  source: contractType('ChannelDriver'),
  profile: 'core',
  async check(subject) {
    await subject.ready('a');
    await subject.driver.close();
    expectRefused(await subject.within(subject.publish('1'), 'a publish after close'), 'unavailable');
  },
};

const silence: Requirement = {
  id: 'after-close/durability',
  title: 'MUST reject durability after close, or give undefined: it cannot be told then',
  source: `${contractType('ChannelDriver')}; ${contractOf('durability')}`,
  profile: 'core',
  async check(subject) {
    await subject.driver.close();
    const answer = subject.driver.durability().catch(() => undefined);
    expect(await subject.within(answer, 'durability after close'), 'what a closed driver tells').toBeUndefined();
  },
};

/** Called after `close`. */
export const afterClose: readonly Requirement[] = [refusal, ...rejections, silence];
