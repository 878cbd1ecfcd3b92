import { SECRET, type Parameters, type SecretValues } from '@millrace/eventing-api';
import type { KubeClient } from '@millrace/kube';

/** What reading the Secrets of a store came to. */
export type SecretsOutcome =
  { readonly outcome: 'read'; readonly values: SecretValues } | { readonly outcome: 'missing'; readonly name: string };

/** The names of the Secrets that parameters refer to: each object under a key `secretRef` names one by `name`. */
export function secretNames(parameters: Parameters): string[] {
  const names = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const name: unknown = key === 'secretRef' ? (inner as { name?: unknown } | null)?.name : undefined;
      if (typeof name === 'string') names.add(name);
      else visit(inner);
    }
  };
  visit(parameters);
  return [...names].sort();
}

/** Reads the Secrets that parameters refer to from the system namespace, base64 undone. */
export async function readSecrets(
  client: KubeClient,
  namespace: string,
  parameters: Parameters,
): Promise<SecretsOutcome> {
  const values: Record<string, Record<string, string>> = {};
  for (const name of secretNames(parameters)) {
    const secret = await client.get(SECRET, { namespace, name });
    if (!secret) return { outcome: 'missing', name };
    values[name] = Object.fromEntries(
      Object.entries(secret.data ?? {}).map(([key, base64]) => [key, Buffer.from(base64, 'base64').toString('utf8')]),
    );
  }
  return { outcome: 'read', values };
}
