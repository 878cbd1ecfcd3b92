import { expect } from 'vitest';
import { answersWhenStored, detachSubscription } from '../requirement/needs.js';
import { contractOf, consumptionContract } from '../requirement/sources.js';
import type { Requirement } from '../requirement/requirement.types.js';
import { RecordingHandler } from '../subject/recording-handler.js';
import type { ConformanceSubject } from '../subject/conformance-subject.js';
import { noDeadline } from '../subject/waiting.js';

/** Something that is called a second time, and a third, although the first was enough. */
interface RepeatedCall extends Pick<Requirement, 'source' | 'needs'> {
  readonly method: string;
  readonly title: string;
  readonly check: (subject: ConformanceSubject) => Promise<void>;
}

const CALLS: readonly RepeatedCall[] = [
  {
    method: 'ensure-channel',
    title: 'MUST take ensureChannel again and again for a success',
    source: contractOf('ensureChannel'),
    async check({ driver, channel }) {
      for (let call = 0; call < 3; call++) await driver.ensureChannel(channel);
    },
  },
  {
    method: 'delete-channel',
    title: 'MUST take deleteChannel for a success where the Channel is gone, or never was',
    source: contractOf('deleteChannel'),
    async check(subject) {
      await subject.driver.deleteChannel(subject.channel);
      await subject.ready('a');
      for (let call = 0; call < 3; call++) await subject.driver.deleteChannel(subject.channel);
    },
  },
  {
    method: 'ensure-subscription',
    title: 'MUST take ensureSubscription again and again for a success',
    source: contractOf('ensureSubscription'),
    async check(subject) {
      const [a] = await subject.ready('a');
      for (let call = 0; call < 2; call++) await subject.driver.ensureSubscription(a, 'now');
    },
  },
  {
    method: 'delete-subscription',
    title: 'MUST take deleteSubscription for a success where the Subscription, or its Channel, is gone or never was',
    source: contractOf('deleteSubscription'),
    async check(subject) {
      await subject.driver.deleteSubscription(subject.subscription('of no Channel'));
      const [a] = await subject.ready('a');
      await subject.driver.deleteSubscription(subject.subscription('unknown'));
      for (let call = 0; call < 3; call++) await subject.driver.deleteSubscription(a);
      await subject.driver.deleteChannel(subject.channel);
      await subject.driver.deleteSubscription(a);
    },
  },
  {
    method: 'detach-subscription',
    title: 'MUST take detachSubscription for a success where it was called before, or the Subscription is not known',
    source: contractOf('detachSubscription'),
    needs: detachSubscription,
    async check(subject) {
      const [a] = await subject.ready('a');
      for (let call = 0; call < 3; call++) await subject.driver.detachSubscription?.(a);
      await subject.driver.detachSubscription?.(subject.subscription('unknown'));
    },
  },
  {
    method: 'pause-and-resume',
    title: 'MUST go on after one resume however often it was paused, and hand out nothing twice for a second resume',
    source: `${consumptionContract('pause')}; ${consumptionContract('resume')}`,
    // Who waits for every Subscription is refused while one of them is paused.
    needs: answersWhenStored,
    async check(subject) {
      const [a] = await subject.ready('a');
      const handler = new RecordingHandler();
      const consumption = subject.consume(a, handler);
      for (let call = 0; call < 3; call++) consumption.pause();
      await subject.store('1');
      consumption.resume();
      await subject.eventually(() => expect(handler.ids).toEqual(['1']));
      for (let call = 0; call < 3; call++) consumption.resume();
      await subject.store('2');
      await subject.eventually(() => expect(handler.ids).toContain('2'));
      expect(handler.ids).toEqual(['1', '2']);
    },
  },
  {
    method: 'stop',
    title: 'MUST end a second stop with the first, and a third at once',
    source: consumptionContract('stop'),
    async check(subject) {
      const [a] = await subject.ready('a');
      const handler = new RecordingHandler();
      const consumption = subject.consume(a, handler);
      await subject.store('1');
      await subject.eventually(() => expect(handler.inFlight).toBe(1));
      const stops = [consumption.stop(noDeadline()), consumption.stop(noDeadline())];
      handler.settleAll('delivered');
      await subject.within(Promise.all(stops), 'two stops of one consumption');
      await subject.within(consumption.stop(noDeadline()), 'stop of a consumption that was stopped');
    },
  },
  {
    method: 'close',
    title: 'MUST be closed again and again in peace',
    source: contractOf('close'),
    async check(subject) {
      for (let call = 0; call < 3; call++) await subject.driver.close();
    },
  },
];

/** Called twice. */
export const twice: readonly Requirement[] = CALLS.map(({ method, title, source, needs, check }) => ({
  id: `twice/${method}`,
  title,
  source,
  profile: 'core',
  needs,
  check,
}));
