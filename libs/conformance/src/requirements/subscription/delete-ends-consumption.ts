import { consumptionContract } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { expectRejection } from '../../subject/expectations.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const deleteSubscriptionEndsConsumption: Requirement = {
  id: 'subscription/delete-ends-consumption',
  title:
    'MUST reject `closed` of a consumption whose Subscription is deleted, or refuse to delete one that is consumed',
  source: consumptionContract('closed'),
  profile: 'core',
  async check(subject) {
    const [a] = await subject.ready('a');
    const consumption = subject.consume(a, new RecordingHandler('delivered'));
    try {
      await subject.driver.deleteSubscription(a);
    } catch {
      return;
    }
    await subject.within(
      expectRejection(() => consumption.closed, 'closed'),
      'a consumption whose Subscription was deleted',
    );
    await subject.within(consumption.stop(AbortSignal.abort()), 'stop of a consumption that was lost');
  },
};
