import { makeTestAuthority } from '@millrace/brokers';
import { validateAgainstSchema } from '@millrace/eventing-api';
import { createUser } from '@nats-io/jwt';
import { describe, expect, it } from 'vitest';
import { natsCapabilitiesFor } from './capabilities.js';
import { authenticatorOf, tlsOf } from './nats-credentials.js';
import { NatsArguments, natsOptions, NatsParameters } from './nats-options.js';
import { durabilityOf } from './store-durability.js';

const CREDS_WITHOUT_SEED = '-----BEGIN NATS USER JWT-----\nsecret-jwt\n------END NATS USER JWT------\n';

describe('parameters', () => {
  it('are optional, all of them', () => {
    expect(validateAgainstSchema(NatsParameters, {})).toEqual([]);
    expect(natsOptions({})).toMatchObject({ servers: ['127.0.0.1:4222'], ackWaitMs: 10_000 });
  });

  it.each([
    [{ maxAge: '7 days' }],
    [{ maxAge: 'P' }],
    [{ discard: 'all' }],
    [{ replicas: 0 }],
    [{ partitions: 65 }],
    [{ maxbytes: 10_000 }],
  ])('and arguments are refused where they mean nothing: %j', (given) => {
    expect(validateAgainstSchema(NatsArguments, given)).toHaveLength(1);
    expect(validateAgainstSchema(NatsParameters, given)).toHaveLength(1);
  });

  it('with a time that is too short to work with cannot be opened', () => {
    expect(() => natsOptions({ ackWait: 'PT0.1S' })).toThrow('ackWait');
  });
});

describe('credentials', () => {
  const options = natsOptions({ credentials: { secretRef: { name: 'login' } }, tls: { secretRef: { name: 'ca' } } });
  const NONCE = 'nonce';

  it.each([
    [
      { username: 'u', password: 'p\n' },
      { user: 'u', pass: 'p' },
    ],
    [{ token: 't\n' }, { auth_token: 't' }],
  ])('are of the kind that the Secret holds: %j', (login, sent) => {
    expect(authenticatorOf(options, { login })?.(NONCE)).toEqual(sent);
  });

  it('sign what the server asks for, each time anew', () => {
    const user = createUser();
    const authenticate = authenticatorOf(options, { login: { nkey: `${Buffer.from(user.getSeed()).toString()}\n` } });
    for (const nonce of ['first', 'second']) {
      const { nkey, sig } = authenticate?.(nonce) as { readonly nkey: string; readonly sig: string };
      expect(nkey).toBe(user.getPublicKey());
      expect(user.verify(Buffer.from(nonce), Buffer.from(sig, 'base64url'))).toBe(true);
    }
  });

  it.each([
    [{}, 'holds none of'],
    [{ nkey: 'secret-seed' }, 'is no seed'],
    [{ creds: 'secret-creds' }, 'is no credentials file'],
    [{ creds: CREDS_WITHOUT_SEED }, 'is no credentials file'],
  ])('that nobody can log in with are told of by name, never by value: %j', (login, words) => {
    const open = () => authenticatorOf(options, { login });
    expect(open).toThrow(words);
    expect(open).not.toThrow(/secret-/);
  });

  it('of TLS have the keys that Kubernetes gives them', async () => {
    const authority = await makeTestAuthority();
    const { cert, key } = await authority.issue('millrace');
    expect(tlsOf(options, { ca: { 'ca.crt': authority.ca, 'tls.crt': cert, 'tls.key': key } })).toEqual({
      handshakeFirst: false,
      ca: authority.ca,
      cert,
      key,
    });
  });
});

describe('what a 202 survives', () => {
  it.each([
    ['file', 1, 'ProcessOnly'],
    ['file', 2, 'ProcessOnly'],
    ['file', 3, 'Replicated'],
    ['memory', 1, 'Volatile'],
    ['memory', 3, 'Replicated'],
  ] as const)('hangs on storage %s with %i replicas: %s', (storage, replicas, level) => {
    const { level: told, message } = durabilityOf({ storage, replicas });
    expect(told).toBe(level);
    expect(message).toContain(`replicas: ${replicas}`);
    expect(natsCapabilitiesFor({ storage, replicas }).durable).toBe(level !== 'Volatile');
  });
});
