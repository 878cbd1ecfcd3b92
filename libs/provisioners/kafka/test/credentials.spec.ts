import { describe, expect, it } from 'vitest';
import { brokerFor, event, eventually, newChannel, openStore, RecordingLog } from './open-store.js';

const THEIRS = { username: 'millrace', password: 'first-secret' };
const OURS = { username: 'millrace', password: 'second-secret' };

const { broker, notRun } = await brokerFor({ credentials: THEIRS });

describe.runIf(broker)('a broker that lets in who has the password', () => {
  if (!broker) return;
  const sasl = { mechanism: 'plain', secretRef: { name: 'kafka' } };

  it('refuses wrong credentials in its own words, tells nobody what they are, and takes them once they are right', async () => {
    const logger = new RecordingLog();
    const driver = await openStore(broker, { parameters: { sasl }, secrets: { kafka: OURS }, logger });
    const channel = newChannel();
    const told: string[] = [];
    const health = await driver.health();
    if (health.status === 'down') told.push(health.message);
    expect(health.status).toBe('down');
    await driver.ensureChannel(channel).then(
      () => expect.fail('the broker took wrong credentials'),
      (error: unknown) => told.push((error as Error).message),
    );
    const refused = await driver.publish(channel, event('1'), undefined);
    expect(refused).toMatchObject({ outcome: 'refused', code: 'forbidden' });
    if (refused.outcome === 'refused') told.push(refused.message);
    for (const message of told) expect(message).toMatch(/authentication|credentials/i);
    expect([...told, ...logger.lines].join('\n')).not.toContain(OURS.password);

    await broker.changeCredentials?.(OURS);
    await eventually(() => driver.ensureChannel(channel));
    await eventually(async () =>
      expect(await driver.publish(channel, event('2'), undefined)).toEqual({ outcome: 'stored' }),
    );
    await eventually(async () => expect(await driver.health()).toEqual({ status: 'up' }));
    expect(logger.lines.join('\n')).not.toContain(OURS.password);
  });

  it('closes the connection without a word where nobody logs in, and we say what that may mean', async () => {
    const driver = await openStore(broker);
    const words = expect.stringMatching(/Closed connection: .*`tls` or `sasl` is missing/);
    await eventually(async () => expect(await driver.health()).toMatchObject({ status: 'down', message: words }));
    await expect(driver.ensureChannel(newChannel())).rejects.toThrow(/`tls` or `sasl` is missing/);
  });

  it('tells where it does not know the mechanism', async () => {
    const scram = { ...sasl, mechanism: 'scram-sha-512' };
    const driver = await openStore(broker, { parameters: { sasl: scram }, secrets: { kafka: OURS } });
    const words = expect.stringMatching(/does not support the requested SASL mechanism/);
    expect(await driver.health()).toMatchObject({ status: 'down', message: words });
    const refused = await driver.publish(newChannel(), event('1'), undefined);
    expect(refused).toMatchObject({ code: 'forbidden', message: words });
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));
