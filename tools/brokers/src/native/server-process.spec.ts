import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ServerCommand } from './native.types.js';
import { ServerProcess } from './server-process.js';

let folder: string;
let servers: ServerProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'millrace-server-'));
  servers = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.kill()));
  rmSync(folder, { recursive: true });
});

function shell(script: string, program = '/bin/sh'): ServerProcess {
  const command: ServerCommand = {
    title: 'test server',
    port: 1,
    program,
    args: ['-c', script],
    folder,
    logFile: join(folder, 'server.log'),
    isReady: (log) => log.includes('ready'),
  };
  const server = new ServerProcess(command);
  servers.push(server);
  return server;
}

it('is started when it says so, each time anew', async () => {
  const server = shell('[ -f again ] && sleep 0.2; touch again; echo ready; exec sleep 600');
  await server.start();
  const { pid } = server;
  await server.start();
  expect(server.pid).toBe(pid);

  await server.kill();
  await server.kill();
  expect(server.pid).toBeUndefined();

  const since = performance.now();
  await server.start();
  expect(server.pid).not.toBe(pid);
  expect(performance.now() - since).toBeGreaterThan(150);
});

it('tells the end of its log where it ends instead of starting', async () => {
  const server = shell('echo the disk is full; exit 3');
  await expect(server.start()).rejects.toThrow(
    'test server ended instead of starting. The end of its log:\nthe disk is full',
  );
});

it('ends likewise where its program is missing', async () => {
  const server = shell('', '/nowhere/server');
  await expect(server.start()).rejects.toThrow('test server ended instead of starting');
});

it('is killed where it does not end by itself, frozen or not', async () => {
  const server = shell('trap "" TERM; echo ready; while :; do sleep 0.05; done');
  await server.start();
  server.freeze();
  await server.stop(100);
  expect(server.pid).toBeUndefined();
});
