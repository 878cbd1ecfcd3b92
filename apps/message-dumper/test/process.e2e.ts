import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

/** What every app owes to whoever starts and stops it, shown on the smallest one. */
const main = join(import.meta.dirname, '../dist/main.js');

let child: ChildProcess | undefined;
let output = '';
let exited: Promise<number | null>;

function spawnDumper(...args: string[]): ChildProcess {
  output = '';
  const started = spawn(process.execPath, [main, '--port=0', '--management-port=0', ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [started.stdout, started.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  exited = once(started, 'exit').then(([code]) => code as number | null);
  child = started;
  return started;
}

/** Starts it and waits until it says that it is ready. */
async function startDumper(...args: string[]) {
  const started = spawnDumper(...args);
  const [message] = (await once(started, 'message')) as [{ type: string; ports: { http: number; management: number } }];
  expect(message.type).toBe('millrace/ready');
  return { child: started, ...message.ports };
}

const post = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/demo', 'ce-type': 'dev.demo' },
  });

afterEach(() => {
  child?.kill('SIGKILL');
});

describe('start of an app', () => {
  it('tells its parent the ports and answers on them', async () => {
    const { http, management } = await startDumper();
    expect((await post(http)).status).toBe(200);
    expect((await fetch(`http://127.0.0.1:${management}/readyz`)).status).toBe(200);
    await expect.poll(() => output).toContain('dev.demo /demo 1');
  });

  it('ends with 1 and one clear sentence where a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    spawnDumper(`--port=${port}`);
    expect(await exited).toBe(1);
    taken.close();
    await expect
      .poll(() => output)
      .toBe(`millrace message-dumper cannot start: port ${port} on 127.0.0.1 is in use: choose another with --port\n`);
  });

  it('ends with 1 and every wrong setting, or with 0 and the answer to a question', async () => {
    spawnDumper('--port=many', '--log-level=loud');
    expect(await exited).toBe(1);
    await expect.poll(() => output).toContain('cannot start, 2 settings are wrong:');
    spawnDumper('--help');
    expect(await exited).toBe(0);
    await expect.poll(() => output).toContain('--respond-status  (MILLRACE_RESPOND_STATUS)');
  });
});

describe('end of an app', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('at %s lets finish what is under way, then ends with 0', async (signal) => {
    const dumper = await startDumper('--respond-delay-ms=300');
    const answer = post(dumper.http);
    await expect.poll(() => output).toContain('dev.demo');
    dumper.child.kill(signal);
    expect((await answer).status).toBe(200);
    expect(await exited).toBe(0);
  });

  it('is not ready while it ends, and takes nothing new', async () => {
    const dumper = await startDumper('--respond-delay-ms=1000');
    const answer = post(dumper.http);
    await expect.poll(() => output).toContain('dev.demo');
    dumper.child.kill('SIGTERM');
    await expect
      .poll(async () => (await fetch(`http://127.0.0.1:${dumper.management}/readyz`)).status, { timeout: 900 })
      .toBe(503);
    await expect(post(dumper.http)).rejects.toThrow();
    expect((await answer).status).toBe(200);
    expect(await exited).toBe(0);
  });

  it('cuts what is still under way when the time is over', async () => {
    const dumper = await startDumper('--respond-delay-ms=60000', '--shutdown-timeout=PT0.2S');
    const answer = post(dumper.http);
    await expect.poll(() => output).toContain('dev.demo');
    dumper.child.kill('SIGTERM');
    await expect(answer).rejects.toThrow();
    expect(await exited).toBe(0);
  });

  it('comes at once, with 1, at the second signal', async () => {
    const dumper = await startDumper('--respond-delay-ms=60000', '--log-level=info');
    post(dumper.http).catch(() => {});
    await expect.poll(() => output).toContain('dev.demo');
    dumper.child.kill('SIGINT');
    await expect.poll(() => output).toContain('Stopping');
    dumper.child.kill('SIGINT');
    expect(await exited).toBe(1);
  });

  it('comes in order when its parent is gone', async () => {
    const dumper = await startDumper();
    dumper.child.disconnect();
    expect(await exited).toBe(0);
  });
});
