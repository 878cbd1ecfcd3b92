import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cacheFolder } from '../folders.js';

const LOCK_POLL_MS = 250;

/** Folder of an installed broker (`kafka-4.4.0`) in the cache, if it is there. What is there is whole. */
export function findInCache(entry: string): string | undefined {
  const folder = join(cacheFolder(), entry);
  return existsSync(folder) ? folder : undefined;
}

/** Fills a folder of the cache once, whoever else tries: `fill` gets a folder of another name, which becomes the entry when it is full. */
export async function installInCache(entry: string, fill: (folder: string) => Promise<void>): Promise<string> {
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = join(cacheFolder(), entry);
  const unlock = await lock(`${folder}.lock`);
  const partial = `${folder}.partial`;
  try {
    if (existsSync(folder)) return folder;
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    await fill(partial);
    renameSync(partial, folder);
    return folder;
  } finally {
    rmSync(partial, { recursive: true, force: true });
    unlock();
  }
}

/** Waits for its turn; the lock of a process that is gone counts for nothing. */
async function lock(path: string): Promise<() => void> {
  const owner = join(path, 'pid');
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(owner, String(process.pid));
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await sleep(LOCK_POLL_MS);
    // Without an owner after that long, its process ended between two lines.
    if (!isRunning(readOwner(owner))) rmSync(path, { recursive: true, force: true });
  }
}

function readOwner(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid: number | undefined): boolean {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
