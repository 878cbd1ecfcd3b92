import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTestAuthority, type TestAuthority } from '@millrace/brokers';
import type { ChannelDriver, Parameters } from '@millrace/eventing-api';
import { RecordingLogger } from '@millrace/testing';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newChannel, openStore, ownBroker, passOneEvent, testEvent } from './open-store.js';

type Secret = Readonly<Record<string, string>>;

let files = 0;
const folder = mkdtempSync(join(tmpdir(), 'millrace-nats-tls-'));
const authority = await makeTestAuthority('Authority of the server');
const another = await makeTestAuthority('Another authority');
const tls = await serverTls(authority);
const broker = await ownBroker({ settings: { tls: `{ ${tls} }` } });

const TRUSTED = { 'ca.crt': authority.ca };
const PATIENCE = { timeout: 30_000, interval: 50 };
vi.setConfig({ testTimeout: 90_000 });

describe.skipIf(!broker)('a server that speaks TLS', () => {
  afterAll(async () => {
    await broker!.stop();
    rmSync(folder, { recursive: true });
  });

  const logger = new RecordingLogger();
  const open = async (secret: Secret | undefined, more: Parameters = {}, servers = broker!.addresses) => {
    const driver = await openStore(servers, {
      parameters: secret ? { tls: { secretRef: { name: 'nats-tls' }, ...more } } : {},
      secrets: secret ? { 'nats-tls': secret } : {},
      logger,
    });
    onTestFinished(() => driver.close());
    return driver;
  };
  const speakTls = (more: string) => broker!.changeSettings!({ tls: `{ ${tls}, ${more} }` });

  it('is talked to where its certificate is signed by the authority in the Secret', async () => {
    await passOneEvent(await open(TRUSTED));
    const servers = broker!.addresses.map((address) => `tls://${address.replace('127.0.0.1', 'localhost')}`);
    await passOneEvent(await open(TRUSTED, {}, servers));
  });

  it.each([
    ['the Secret has another authority', { 'ca.crt': another.ca }],
    ['the system does not know the authority', undefined],
  ])('is refused in words for people where %s', async (_why, secret) => {
    const driver = await open(secret);
    await isAway(driver, 'signed by no authority that is trusted here (ca.crt in');
  });

  it('is talked to as soon as it has a certificate of the authority in the Secret', async () => {
    const driver = await open({ 'ca.crt': another.ca });
    await isAway(driver, 'signed by no authority');
    await broker!.changeSettings!({ tls: `{ ${await serverTls(another)} }` });
    await isUp(driver);
    await passOneEvent(driver);
    await speakTls('');
    await vi.waitFor(() => isAway(driver, 'signed by no authority'), PATIENCE);
  });

  it('may ask for a certificate, and people are told until it gets one that it trusts', async () => {
    const none = await open(TRUSTED);
    await passOneEvent(none);
    await speakTls('verify: true');
    const strange = await another.issue('millrace');
    for (const driver of [none, await open({ ...TRUSTED, 'tls.crt': strange.cert, 'tls.key': strange.key })]) {
      await vi.waitFor(() => isAway(driver, 'asks for a client certificate that it trusts (tls.crt and'), PATIENCE);
    }
    const ours = await authority.issue('millrace');
    await passOneEvent(await open({ ...TRUSTED, 'tls.crt': ours.cert, 'tls.key': ours.key }));
    await speakTls('');
    await isUp(none);
    await passOneEvent(none);
  });

  it('may speak it first, and people are told where the parameters do not say so', async () => {
    await speakTls('handshake_first: true');
    await passOneEvent(await open(TRUSTED, { handshakeFirst: true }));
    await isAway(await open(TRUSTED), 'closed the connection without a word (one that speaks TLS first needs');
    await isAway(await open({ 'ca.crt': another.ca }, { handshakeFirst: true }), 'signed by no authority');
  });

  it('is not taken for one that does not', async () => {
    await broker!.changeSettings!({});
    await isAway(await open(TRUSTED), 'the server does not offer TLS');
    await isAway(await open(TRUSTED, { handshakeFirst: true }), 'the server does not speak TLS at this address');
  });

  it('leaves no key, no source file of OpenSSL and no advice on Node.js in the log', () => {
    expect(logger.lines).not.toEqual([]);
    expect(JSON.stringify([logger.lines, logger.fields])).not.toMatch(/PRIVATE KEY|\.c:\d|--use-system-ca/);
  });
});

async function isUp(driver: ChannelDriver): Promise<void> {
  await vi.waitFor(async () => expect(await driver.health()).toEqual({ status: 'up' }), PATIENCE);
}

/** That nothing works, and people are told why. */
async function isAway(driver: ChannelDriver, why: string): Promise<void> {
  const message = expect.stringContaining(why);
  expect(await driver.health()).toEqual({ status: 'down', message });
  const channel = newChannel();
  await expect(driver.ensureChannel(channel)).rejects.toMatchObject({ message });
  expect(await driver.publish(channel, testEvent('1'), undefined)).toMatchObject({ code: 'unavailable', message });
}

/** Settings of a server with a certificate by this authority, which also looks at those of clients. */
async function serverTls(signer: TestAuthority): Promise<string> {
  const { cert, key } = await signer.issue('nats.test');
  const base = join(folder, String(files++));
  const entries = Object.entries({ cert_file: cert, key_file: key, ca_file: signer.ca }).map(([name, pem]) => {
    writeFileSync(`${base}-${name}`, pem, { mode: 0o600 });
    return `${name}: ${JSON.stringify(`${base}-${name}`)}`;
  });
  return entries.join(', ');
}
