import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

export const namesBelongToTheirChannel: Requirement = {
  id: 'subscription/names-belong-to-their-channel',
  title: 'MUST keep Subscriptions of one name to two Channels apart',
  source: contractType('DriverSubscription'),
  profile: 'core',
  async check(subject) {
    const other = subject.newChannel({ name: 'invoices' });
    const [a] = await subject.ready('a');
    const [onOther] = await subject.readyOn(other, 'a');
    await subject.store('order');
    await subject.storeIn(other, 'invoice');
    await subject.driver.deleteSubscription(a);
    const handler = new RecordingHandler('delivered');
    subject.consume(onOther, handler);
    await subject.eventually(() => expect([...handler.distinctIds]).toEqual(['invoice']));
  },
};
