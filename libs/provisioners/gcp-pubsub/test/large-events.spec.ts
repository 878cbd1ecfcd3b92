import { testEvent } from '@millrace/conformance';
import { describe, expect } from 'vitest';
import { newChannel, standInTest } from './stand-in.js';

const test = standInTest();
const body = Buffer.alloc(6_000_000);

describe('large events', { timeout: 60_000 }, () => {
  test('of one key do not go into one request, which would be larger than Pub/Sub takes', async ({ standIn }) => {
    // pstest takes 4 MB a request.
    if (!standIn.broker.version.startsWith('emulator')) return;
    const channel = newChannel();
    await standIn.driver.ensureChannel(channel);
    const publish = (id: string, partitionKey?: string) =>
      standIn.driver.publish(channel, testEvent(id, { body, partitionKey }), undefined);
    const answers = await Promise.all([publish('1', 'k'), publish('2', 'k'), publish('3', 'l'), publish('4')]);
    expect(answers).toEqual([
      { outcome: 'stored' },
      expect.objectContaining({ outcome: 'refused', code: 'full', retryAfterMs: 1000 }),
      { outcome: 'stored' },
      { outcome: 'stored' },
    ]);
    expect(await publish('2', 'k')).toEqual({ outcome: 'stored' });
  });
});
