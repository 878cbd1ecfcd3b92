import { contractOf, consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRejection } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const deleteChannelEndsConsumption: Requirement = {
  id: 'channel/delete-ends-consumption',
  title:
    'MUST reject `closed` of a consumption whose Channel is deleted, or refuse to delete a Channel that is consumed',
  source: `${contractOf('deleteChannel')}; ${consumptionContract('closed')}`,
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const handler = new RecordingHandler('delivered');
    const consumption = subject.consume(a, handler);
    try {
      await subject.driver.deleteChannel(subject.channel);
    } catch {
      return;
    }
    await subject.within(
      expectRejection(() => consumption.closed, 'closed'),
      'a consumption whose Channel was deleted',
    );
  },
};
