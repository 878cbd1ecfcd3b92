import { readTlsSecret, type SecretValues } from '@millrace/eventing-api';
import {
  credsAuthenticator,
  nkeyAuthenticator,
  nkeys,
  tokenAuthenticator,
  usernamePasswordAuthenticator,
  type Authenticator,
  type TlsOptions,
} from 'nats';
import type { NatsOptions } from './nats-options.js';

type Secret = Readonly<Record<string, string>>;

/** What the client re-exports without types. */
interface SeedReader {
  fromSeed(seed: Uint8Array): { clear(): void };
}

/**
 * What we log in with, of the Secret that the parameters name: `username` and `password`, or `token`, or `nkey`, or `creds`.
 *
 * @throws Error where the Secret holds none of them, or what nobody can log in with; the message tells no value
 */
export function authenticatorOf({ credentialsSecret }: NatsOptions, secrets: SecretValues): Authenticator | undefined {
  if (credentialsSecret === undefined) return undefined;
  const { username, password, token, nkey, creds } = secretOf(secrets, credentialsSecret);
  if (username !== undefined) return usernamePasswordAuthenticator(username.trim(), password?.trim());
  if (token !== undefined) return tokenAuthenticator(token.trim());
  if (nkey !== undefined) return nkeyAuthenticator(checkedSeed(nkey.trim(), credentialsSecret));
  if (creds !== undefined) return checkedCreds(creds, credentialsSecret);
  throw new Error(`Secret ${credentialsSecret} holds none of username, token, nkey and creds`);
}

/**
 * How TLS is spoken; undefined = as the server asks.
 *
 * @throws Error where the Secret holds no certificates; the message tells no value
 */
export function tlsOf({ tls }: NatsOptions, secrets: SecretValues): TlsOptions | undefined {
  if (!tls) return undefined;
  const { secret, handshakeFirst } = tls;
  return { handshakeFirst, ...(secret !== undefined && readTlsSecret(secret, secretOf(secrets, secret))) };
}

function secretOf(secrets: SecretValues, name: string): Secret {
  const secret = secrets[name];
  if (!secret) throw new Error(`Secret ${name} was not read`);
  return secret;
}

function checkedSeed(seed: string, secret: string): Uint8Array {
  const bytes = Buffer.from(seed);
  try {
    // Of a copy: clearing overwrites what it was made of.
    (nkeys as SeedReader).fromSeed(Uint8Array.from(bytes)).clear();
  } catch (cause) {
    throw new Error(`nkey in Secret ${secret} is no seed`, { cause });
  }
  return bytes;
}

function checkedCreds(creds: string, secret: string): Authenticator {
  const authenticator = credsAuthenticator(Buffer.from(creds));
  try {
    // As for a login: it takes the file to pieces only then.
    authenticator('');
  } catch (cause) {
    throw new Error(`creds in Secret ${secret} is no credentials file`, { cause });
  }
  return authenticator;
}
