import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether this machine has a kubectl; without one the suites that need it are "not run". */
export const kubectlFound = spawnSync('kubectl', ['version', '--client']).status === 0;

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** kubectl against one kubeconfig, with a home of its own so that no cache of the machine is used. */
export function kubectlFor(kubeconfig: string): (...args: readonly string[]) => Promise<KubectlResult> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-kubectl-'));
  return async (...args) => {
    try {
      const { stdout, stderr } = await run('kubectl', ['--kubeconfig', kubeconfig, ...args], {
        env: { ...process.env, HOME: home },
        timeout: 60_000,
      });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout = '', stderr = '' } = error as { code?: number; stdout?: string; stderr?: string };
      return { code: typeof code === 'number' ? code : 1, stdout, stderr };
    }
  };
}
