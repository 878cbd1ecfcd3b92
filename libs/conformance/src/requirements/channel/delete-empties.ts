import { expect } from 'vitest';
import { contractOf } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';
import { testEvent } from '../../subject/test-event.js';
import { noDeadline } from '../../subject/waiting.js';

/** One key, so that what comes last is the witness of what does not come. */
const event = (id: string) => testEvent(id, { partitionKey: 'one' });

export const deleteEmptiesChannel: Requirement = {
  id: 'channel/delete-empties',
  title:
    'MUST delete the events and positions of a Channel with it: one that is ensured again under its UID begins empty',
  source: contractOf('deleteChannel'),
  profile: 'core',
  async check(subject) {
    const { driver, channel } = subject;
    const [former, other] = await subject.ready('a', 'b');
    const [first, onOther] = [new RecordingHandler('delivered'), new RecordingHandler('delivered')];
    const [consumption, otherConsumption] = [subject.consume(former, first), subject.consume(other, onOther)];
    await subject.store(event('settled'));
    await subject.eventually(() => expect(first.ids).toContain('settled'));
    await consumption.stop(noDeadline());
    await subject.store(event('waiting'));
    await subject.eventually(() => expect(onOther.ids).toContain('waiting'));
    await otherConsumption.stop(noDeadline());
    await driver.deleteChannel(channel);

    const [namesake, fresh] = [subject.subscription('a'), subject.subscription('fresh')];
    const start = subject.capabilities.replay.includes('earliest') ? 'earliest' : 'now';
    // A store may take a moment to delete.
    await subject.eventually(async () => {
      await driver.ensureChannel(channel);
      await driver.ensureSubscription(namesake, 'now');
      await driver.ensureSubscription(fresh, start);
      await subject.store(event('later'));
    });
    for (const subscription of [namesake, fresh]) {
      const handler = new RecordingHandler('delivered');
      subject.consume(subscription, handler);
      await subject.eventually(() => expect(handler.distinctIds, 'what was handed out').toContain('later'));
      expect(handler.distinctIds, 'what a Channel that was deleted meanwhile hands out').toEqual(new Set(['later']));
    }
  },
};
