import { expect } from 'vitest';
import { contractType } from '../../requirement/sources.js';
import type { Requirement } from '../../requirement/requirement.types.js';
import { RecordingHandler } from '../../subject/recording-handler.js';

const CHANNELS = 8;

export const channelsOverlap: Requirement = {
  id: 'channel/overlapping-care',
  title: 'MUST ensure and delete different Channels, with their Subscriptions, at one time',
  source: contractType('ChannelDriver'),
  profile: 'core',
  async check(subject) {
    const channels = Array.from({ length: CHANNELS }, () => subject.newChannel());
    const subscriptions = await Promise.all(channels.map((channel) => subject.readyOn(channel, 'a')));
    for (const [index, [subscription]] of subscriptions.entries()) {
      const handler = new RecordingHandler('delivered');
      const consumption = subject.consume(subscription, handler);
      await subject.storeIn(subscription.channel, `event-${index}`);
      await subject.eventually(() => expect([...handler.distinctIds]).toEqual([`event-${index}`]));
      await consumption.stop(AbortSignal.abort());
    }
    await Promise.all(channels.map((channel) => subject.driver.deleteChannel(channel)));
  },
};
