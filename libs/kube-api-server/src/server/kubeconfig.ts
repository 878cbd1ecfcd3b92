import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a kubeconfig for the API at `url` (`http://127.0.0.1:7640`), readable by its owner only and all at once. Clients of the JavaScript library take plain
 * http only with `insecure-skip-tls-verify`; a user without credentials keeps kubectl from asking for a password.
 */
export function writeKubeconfig(path: string, url: string): void {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'millrace', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'millrace', user: {} }],
    contexts: [{ name: 'millrace', context: { cluster: 'millrace', user: 'millrace', namespace: 'default' } }],
    'current-context': 'millrace',
  };
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, path);
}
