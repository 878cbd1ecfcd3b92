import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commandLineOf } from './command-line.js';

const KEEPER = fileURLToPath(new URL('keeper.ts', import.meta.url));

/** Starts a server with a keeper, one that nobody keeps any more, and waits. */
const PROGRAM = `
const { spawn } = await import('node:child_process');
const { Keeper } = await import(${JSON.stringify(KEEPER)});
const keeper = new Keeper();
const servers = [1, 2].map(() => spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' }));
for (const { pid } of servers) keeper.keepProcess(pid);
keeper.forgetProcess(servers[1].pid);
console.log(JSON.stringify({ folder: keeper.folder, pids: servers.map(({ pid }) => pid) }));
setInterval(() => {}, 1000);
`;

interface Started {
  readonly folder: string;
  readonly pids: readonly [kept: number, forgotten: number];
}

it('ends what a process started when that is killed without warning', async () => {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await new Promise<string>((resolve) => {
    createInterface(parent.stdout).once('line', resolve);
  });
  const { folder, pids } = JSON.parse(line) as Started;
  const [kept, forgotten] = pids;
  try {
    expect([isRunning(kept), existsSync(folder)]).toEqual([true, true]);
    parent.kill('SIGKILL');
    await expect.poll(() => [isRunning(kept), existsSync(folder)]).toEqual([false, false]);
    expect(isRunning(forgotten)).toBe(true);
  } finally {
    process.kill(forgotten, 'SIGKILL');
  }
});

function isRunning(pid: number): boolean {
  return commandLineOf(pid) !== '';
}
