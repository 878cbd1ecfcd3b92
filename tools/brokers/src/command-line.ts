import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** With what a process was started; empty for one that is gone, even if nobody took notice of its end. */
export function commandLineOf(pid: number): string {
  if (!existsSync('/proc/self')) {
    return spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  }
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}
