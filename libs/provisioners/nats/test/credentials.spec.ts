import { RecordingLogger } from '@millrace/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { newChannel, openStore, ownBroker, stored, testEvent } from './open-store.js';

const LOGIN = { username: 'millrace', password: 'old-password' };
const NEXT = { username: 'millrace', password: 'new-password' };
const broker = await ownBroker({ credentials: LOGIN });
const PATIENCE = { timeout: 30_000, interval: 50 };

describe.skipIf(!broker)('credentials', () => {
  afterAll(() => broker!.stop());

  const open = (secret: Record<string, string>, logger = new RecordingLogger()) =>
    openStore(broker!.addresses, {
      parameters: { credentials: { secretRef: { name: 'login' } } },
      secrets: { login: secret },
      logger,
    });

  it('that are wrong are told of in the words of the server, and work as soon as the server takes them', async () => {
    const logger = new RecordingLogger();
    const early = await open(NEXT, logger);
    expect(await early.health()).toMatchObject({ status: 'down', message: expect.stringContaining('Authorization') });
    const channel = newChannel();
    await expect(early.ensureChannel(channel)).rejects.toThrow(/authorization violation/i);
    expect(await early.publish(channel, testEvent('1'), undefined)).toMatchObject({ code: 'unavailable' });
    await broker!.changeCredentials!(NEXT);
    await vi.waitFor(async () => expect(await early.health()).toEqual({ status: 'up' }), PATIENCE);
    await early.ensureChannel(channel);
    await stored(early, channel, testEvent('2'));

    // And the other way round, with a connection that has worked before.
    const told = logger.fields.length;
    await broker!.changeCredentials!(LOGIN);
    await vi.waitFor(
      async () => expect(await early.health()).toMatchObject({ message: expect.stringMatching(/authorization/i) }),
      PATIENCE,
    );
    const log = () => JSON.stringify(logger.fields.slice(told));
    await vi.waitFor(() => expect(log()).toMatch(/authorization violation/i), PATIENCE);
    await broker!.changeCredentials!(NEXT);
    await vi.waitFor(async () => expect(await early.health()).toEqual({ status: 'up' }), PATIENCE);
    await stored(early, channel, testEvent('3'));
    expect(JSON.stringify([logger.lines, logger.fields])).not.toContain('password');
    await early.close();
  }, 90_000);
});
