import type { ChannelDriver, DriverChannel, PublishResult } from '@millrace/eventing-api';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BreakableLink } from './breakable-link.js';
import { newChannel, openStore, ownBroker, stored, testEvent } from './open-store.js';

const broker = await ownBroker();
const PATIENCE = { timeout: 40_000, interval: 100 };
const BODY = Buffer.alloc(64 * 1024, 'x');
/** What the driver lets wait for NATS. */
const BOUND_BYTES = 64 * 1024 * 1024;

describe.skipIf(!broker)('a link that falls silent under load', () => {
  let channel: DriverChannel;
  let link: BreakableLink;
  let driver: ChannelDriver;

  const publish = (signal?: AbortSignal): Promise<PublishResult> =>
    driver.publish(channel, { ...testEvent('1'), body: BODY }, signal);

  beforeEach(async () => {
    channel = newChannel();
    link = await BreakableLink.to(broker!.addresses[0]!);
    driver = await openStore([link.address]);
    await driver.ensureChannel(channel);
    await stored(driver, channel, testEvent('1'));
  });

  afterEach(async () => {
    link.thaw();
    await driver.close();
    link.close();
  });

  afterAll(() => broker!.stop());

  it('is given up though nothing of what was written leaves, and another one is dialled', async () => {
    link.silence();
    const early = Promise.all(Array.from({ length: 300 }, () => publish()));
    await vi.waitFor(
      async () => expect(await publish(AbortSignal.timeout(500))).toEqual({ outcome: 'stored' }),
      PATIENCE,
    );
    for (const result of await early) expect(['stored', 'refused']).toContain(result.outcome);
  }, 60_000);

  it('takes no more than its bound, counted until it has left, then says full, and takes more when it works again', async () => {
    link.freeze();
    let [written, full] = [0, undefined as PublishResult | undefined];
    while (!full && written < 2 * BOUND_BYTES) {
      const results = await Promise.all(Array.from({ length: 100 }, () => publish(AbortSignal.timeout(20))));
      full = results.find((result) => result.outcome === 'refused' && result.code !== 'timeout');
      written += results.length * BODY.length;
    }
    expect(full).toMatchObject({ outcome: 'refused', code: 'full' });
    expect(full).toHaveProperty('retryAfterMs');
    link.thaw();
    await vi.waitFor(async () => expect(await publish()).toEqual({ outcome: 'stored' }), PATIENCE);
  }, 60_000);
});
