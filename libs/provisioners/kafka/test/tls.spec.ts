import { makeTestAuthority } from '@millrace/brokers';
import type { ChannelDriver, Parameters } from '@millrace/eventing-api';
import { describe, expect, it } from 'vitest';
import { brokerFor, event, eventually, newChannel, openStore, passOneEvent, RecordingLog } from './open-store.js';
import { certificateSettings, clientProtocol } from './secured-broker.js';

const authority = await makeTestAuthority('Authority of the broker');
const another = await makeTestAuthority('Another authority');
const settings = {
  ...clientProtocol('SSL'),
  ...certificateSettings(await authority.issue('kafka.test'), authority),
};
const { broker, notRun } = await brokerFor({ settings });

const TRUSTED = { 'ca.crt': authority.ca };
const CLIENT_CERTIFICATES = { 'listener.name.client.ssl.client.auth': 'required' };

describe.runIf(broker)('a broker that speaks TLS', () => {
  if (!broker) return;
  const logger = new RecordingLog();
  const open = (secret?: Readonly<Record<string, string>>, tls: Parameters = {}) =>
    openStore(broker, {
      parameters: { tls: { ...tls, ...(secret && { secretRef: { name: 'kafka-tls' } }) } },
      secrets: secret ? { 'kafka-tls': secret } : {},
      logger,
    });

  it('is talked to where its certificate is signed by the authority in the Secret', async () => {
    const driver = await open(TRUSTED);
    expect(await driver.health()).toEqual({ status: 'up' });
    await passOneEvent(driver);
  });

  it('is known by its host, or by the name that the parameters tell', async () => {
    expect(await (await open(TRUSTED, { serverName: 'kafka.test' })).health()).toEqual({ status: 'up' });
    expect(await (await open(TRUSTED, { serverName: 'elsewhere.test' })).health()).toMatchObject({
      status: 'down',
      message: expect.stringMatching(/elsewhere\.test.*DNS:kafka\.test/),
    });
  });

  it.each([
    ['the Secret has another authority', { 'ca.crt': another.ca }],
    ['the system does not know the authority', undefined],
  ])('is refused in words for people where %s', async (_why, secret) => {
    const said = await saidBy(await open(secret));
    for (const message of said) expect(message).toMatch(/signed by no authority that is trusted here \(ca\.crt in/);
  });

  it('is talked to as soon as it has a certificate of the authority in the Secret', async () => {
    const driver = await open({ 'ca.crt': another.ca });
    expect(await driver.health()).toMatchObject({ status: 'down' });
    const renewed = certificateSettings(await another.issue('kafka.test'), another);
    await broker.changeSettings?.({ ...settings, ...renewed });
    await eventually(async () => expect(await driver.health()).toEqual({ status: 'up' }));
    await passOneEvent(driver);
    await broker.changeSettings?.(settings);
    await eventually(async () =>
      expect(await driver.health()).toMatchObject({ message: expect.stringContaining('no authority') }),
    );
  });

  it('may be anybody where the parameters say so', async () => {
    expect(await (await open(undefined, { insecureSkipVerify: true })).health()).toEqual({ status: 'up' });
  });

  it('may ask for a certificate, and is told to people until it gets one that it trusts', async () => {
    const none = await open(TRUSTED);
    await passOneEvent(none);
    await broker.changeSettings?.({ ...settings, ...CLIENT_CERTIFICATES });

    const strange = await another.issue('millrace');
    for (const driver of [none, await open({ ...TRUSTED, 'tls.crt': strange.cert, 'tls.key': strange.key })]) {
      await eventually(async () => expect(await driver.health()).toMatchObject({ status: 'down' }));
      const said = await saidBy(driver);
      for (const message of said)
        expect(message).toContain('asks for a client certificate that it trusts (tls.crt and');
    }
    const ours = await authority.issue('millrace');
    await passOneEvent(await open({ ...TRUSTED, 'tls.crt': ours.cert, 'tls.key': ours.key }));

    await broker.changeSettings?.(settings);
    await eventually(async () => expect(await none.health()).toEqual({ status: 'up' }));
    await passOneEvent(none);
  });

  it('leaves no key, no source file of OpenSSL and no advice on Node.js in the log', () => {
    expect(logger.lines).not.toEqual([]);
    expect(logger.lines.join('\n')).not.toMatch(/PRIVATE KEY|\.c:\d|--use-system-ca/);
  });
});

it.runIf(notRun)(notRun ?? '', ({ skip }) => skip(notRun));

/** What people are told by a store that does not get through to its broker. */
async function saidBy(driver: ChannelDriver): Promise<readonly string[]> {
  const channel = newChannel();
  const health = await driver.health();
  const ensured = await driver.ensureChannel(channel).then(String, (error: unknown) => (error as Error).message);
  const published = await driver.publish(channel, event('1'), undefined);
  expect(published).toMatchObject({ outcome: 'refused', code: 'unavailable' });
  return [
    health.status === 'down' ? health.message : 'up',
    ensured,
    published.outcome === 'refused' ? published.message : 'stored',
  ];
}
