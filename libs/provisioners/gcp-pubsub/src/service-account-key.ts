import type { SecretValues } from '@millrace/eventing-api';

/** What of the JSON key of a service account is needed. Never logged. */
export interface ServiceAccountKey {
  readonly client_email: string;
  readonly private_key: string;
}

/**
 * The key that a Secret holds.
 *
 * @throws Error where it holds none; the message says where to look and nothing of what is there
 */
export function readServiceAccountKey(secrets: SecretValues, name: string, key: string): ServiceAccountKey {
  const text = secrets[name]?.[key];
  if (text === undefined) throw new Error(`Secret ${name} has no key ${key}`);
  const { client_email, private_key } = parseObject(text);
  if (typeof client_email !== 'string' || typeof private_key !== 'string') {
    throw new Error(`Key ${key} of Secret ${name} is no JSON key of a service account (client_email, private_key)`);
  }
  return { client_email, private_key };
}

function parseObject(text: string): Partial<Record<string, unknown>> {
  try {
    return (JSON.parse(text) as Partial<Record<string, unknown>> | null) ?? {};
  } catch {
    // The words of the parser would quote the Secret.
    return {};
  }
}
