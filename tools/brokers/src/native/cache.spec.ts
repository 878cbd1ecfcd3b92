import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findInCache, installInCache } from './cache.js';

let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'millrace-cache-'));
  vi.stubEnv('MILLRACE_BROKERS_CACHE', cache);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true });
});

it('is filled once, whoever else tries at the same time', async () => {
  let fills = 0;
  const fill = (folder: string) => {
    fills += 1;
    writeFileSync(join(folder, 'server'), 'whole');
    return Promise.resolve();
  };
  const folders = await Promise.all([1, 2, 3].map(() => installInCache('nats-1', fill)));
  expect(fills).toBe(1);
  expect(new Set(folders)).toEqual(new Set([findInCache('nats-1')]));
  expect(readFileSync(join(cache, 'nats-1/server'), 'utf8')).toBe('whole');
});

it('holds nothing of an installation that failed', async () => {
  const fill = (folder: string) => {
    writeFileSync(join(folder, 'half'), '');
    return Promise.reject(new Error('no network'));
  };
  await expect(installInCache('nats-1', fill)).rejects.toThrow('no network');
  expect(readdirSync(cache)).toEqual([]);
});

it('is not held up by the lock of a process that is gone', async () => {
  mkdirSync(join(cache, 'nats-1.lock'));
  const beyondAnyPid = 2 ** 30;
  writeFileSync(join(cache, 'nats-1.lock/pid'), String(beyondAnyPid));
  await installInCache('nats-1', () => Promise.resolve());
  expect(readdirSync(cache)).toEqual(['nats-1']);
});
