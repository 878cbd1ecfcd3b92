import type { BrokerSettings } from '@millrace/brokers';
import type { ChannelDriver } from '@millrace/eventing-api';
import { RecordingLogger } from '@millrace/testing';
import {
  createAccount,
  createOperator,
  createUser,
  encodeAccount,
  encodeOperator,
  encodeUser,
  fmtCreds,
  type KeyPair,
} from '@nats-io/jwt';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { newChannel, openStore, ownBroker, passOneEvent, testEvent } from './open-store.js';

const PATIENCE = { timeout: 30_000, interval: 50 };
const NOT_LET_IN = /authorization violation/i;
const UNLIMITED = -1;
/** Shortest that can be told from one that is expired, on a loaded machine. */
const CREDS_LAST_S = 5;

vi.setConfig({ testTimeout: 90_000 });

const broker = await ownBroker({ settings: {} });

describe.skipIf(!broker)('a server lets in whoever shows', () => {
  afterAll(() => broker!.stop());

  const logger = new RecordingLogger();
  const open = async (login: Readonly<Record<string, string>>, { addresses } = broker!) => {
    const driver = await openStore(addresses, {
      parameters: { credentials: { secretRef: { name: 'nats-login' } } },
      secrets: { 'nats-login': login },
      logger,
    });
    onTestFinished(() => driver.close());
    return driver;
  };
  /** One is told that it is not let in until the server has these settings. */
  const isLetInBy = async (driver: ChannelDriver, settings: BrokerSettings, server = broker!) => {
    await isRefused(driver, NOT_LET_IN);
    await server.changeSettings!(settings);
    await vi.waitFor(async () => expect(await driver.health()).toEqual({ status: 'up' }), PATIENCE);
    await passOneEvent(driver);
  };

  it('its token', async () => {
    await broker!.changeSettings!({ authorization: '{ token: "another-token" }' });
    await isLetInBy(await open({ token: 'our-token' }), { authorization: '{ token: "our-token" }' });
    expect(JSON.stringify([logger.lines, logger.fields])).not.toContain('our-token');
  });

  it('that it has the seed of a public key', async () => {
    const [ours, other] = [createUser(), createUser()];
    const users = (user: KeyPair) => ({ authorization: `{ users: [{ nkey: ${user.getPublicKey()} }] }` });
    await broker!.changeSettings!(users(other));
    await isLetInBy(await open({ nkey: seedOf(ours) }), users(ours));
    expect(JSON.stringify([logger.lines, logger.fields])).not.toContain(seedOf(ours));
  });

  it('credentials that were signed for an account of its operator, until they expire', async () => {
    const [operator, account, user] = [createOperator(), createAccount(), createUser()];
    const ours = credsOf(await encodeUser('millrace', user, account), user);
    // One of its own: the server above keeps streams of an account that is not the operator's.
    const server = await ownBroker({ settings: await operatorSettings(operator, createAccount()) });
    onTestFinished(() => server!.stop());
    await isLetInBy(await open({ creds: ours }, server), await operatorSettings(operator, account), server);

    const exp = Math.floor(Date.now() / 1000) + CREDS_LAST_S;
    const shortLived = credsOf(await encodeUser('millrace', user, account, {}, { exp }), user);
    const driver = await open({ creds: shortLived }, server);
    await passOneEvent(driver);
    // In the second in which they expire the server lets in whoever shows them, and cuts it off.
    for (const expired of [driver, await open({ creds: shortLived }, server)]) {
      await vi.waitFor(() => isRefused(expired, /authentication expired|authorization violation/i), PATIENCE);
    }
    await passOneEvent(await open({ creds: ours }, server));
    expect(JSON.stringify([logger.lines, logger.fields])).not.toContain(seedOf(user));
  });
});

async function isRefused(driver: ChannelDriver, why: RegExp): Promise<void> {
  const message = expect.stringMatching(why);
  expect(await driver.health()).toEqual({ status: 'down', message });
  const channel = newChannel();
  await expect(driver.ensureChannel(channel)).rejects.toMatchObject({ message });
  expect(await driver.publish(channel, testEvent('1'), undefined)).toMatchObject({ code: 'unavailable', message });
}

/** A server of this operator that knows this account and the one of its own. */
async function operatorSettings(operator: KeyPair, account: KeyPair): Promise<BrokerSettings> {
  const system = createAccount();
  const limits = {
    conn: UNLIMITED,
    mem_storage: UNLIMITED,
    disk_storage: UNLIMITED,
    streams: UNLIMITED,
    consumer: UNLIMITED,
    subs: UNLIMITED,
    data: UNLIMITED,
    payload: UNLIMITED,
  };
  const tokens = {
    [system.getPublicKey()]: await encodeAccount(
      'system',
      system,
      { limits: { conn: UNLIMITED, subs: UNLIMITED } },
      { signer: operator },
    ),
    [account.getPublicKey()]: await encodeAccount('events', account, { limits }, { signer: operator }),
  };
  return {
    operator: await encodeOperator('test', operator, { system_account: system.getPublicKey() }),
    system_account: system.getPublicKey(),
    resolver: 'MEMORY',
    resolver_preload: JSON.stringify(tokens),
  };
}

function credsOf(token: string, user: KeyPair): string {
  return Buffer.from(fmtCreds(token, user)).toString();
}

function seedOf(user: KeyPair): string {
  return Buffer.from(user.getSeed()).toString();
}
