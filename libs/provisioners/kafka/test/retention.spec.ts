import { RecordingHandler } from '@millrace/conformance';
import { describe, expect, it } from 'vitest';
import { topicName } from '../src/names.js';
import {
  brokerFor,
  event,
  eventually,
  foreignAdmin,
  newChannel,
  openStore,
  RecordingLog,
  store,
  subscriptionTo,
} from './open-store.js';

const { broker, notRun } = await brokerFor();

describe.runIf(broker)('a position that retention has overtaken', () => {
  if (!broker) return;

  it('costs what was deleted, and nothing that was kept, when the consumption begins anew', async () => {
    const channel = newChannel({ numPartitions: 1 });
    const subscription = subscriptionTo(channel);
    const topic = topicName(channel);
    const logger = new RecordingLog();
    const driver = await openStore(broker, { logger });
    await driver.ensureChannel(channel);
    await driver.ensureSubscription(subscription, 'now');
    const ids = Array.from({ length: 10 }, (_, index) => String(index));
    await store(driver, channel, ...ids.slice(0, 3).map((id) => event(id)));
    const early = new RecordingHandler('delivered');
    const first = driver.consume(subscription, early.handle, { maxInFlight: 10 });
    await eventually(() => expect(early.ids).toEqual(['0', '1', '2']));
    await eventually(async () => expect(await driver.backlog(subscription)).toMatchObject({ pending: 0 }));
    await first.stop(AbortSignal.abort());

    await store(driver, channel, ...ids.slice(3).map((id) => event(id)));
    const admin = await foreignAdmin(broker);
    // The client finds the topic by this.
    await admin.fetchTopicOffsets(topic);
    await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '6' }] });
    // It hears that its position is gone, settles nothing, and ends.
    const unsettled = new RecordingHandler();
    const second = driver.consume(subscription, unsettled.handle, { maxInFlight: 10 });
    await eventually(() => expect(unsettled.ids).toEqual(ids.slice(6)));
    expect(logger.lines.join('\n')).toContain('Offset out of range');
    await second.stop(AbortSignal.abort());

    const restarted = await openStore(broker);
    expect(await restarted.backlog(subscription)).toMatchObject({ pending: 4 });
    await restarted.ensureSubscription(subscription, 'now');
    const late = new RecordingHandler('delivered');
    restarted.consume(subscription, late.handle, { maxInFlight: 10 });
    await eventually(() => expect(late.ids).toEqual(ids.slice(6)));
    await eventually(async () => expect(await restarted.backlog(subscription)).toMatchObject({ pending: 0 }));
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
