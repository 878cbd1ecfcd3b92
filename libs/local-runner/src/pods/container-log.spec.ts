import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { silentLogger, systemClock, type Clock } from '@millrace/eventing-api';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ContainerLog } from './container-log.js';

const clock: Clock = { ...systemClock, now: () => Date.parse('2026-01-02T03:04:05.678Z') };
const STAMP = '2026-01-02T03:04:05.678000000Z';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-log-'));
  path = join(folder, 'pod', 'main.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const openLog = (maxFileBytes?: number) => new ContainerLog({ path, clock, logger: silentLogger, maxFileBytes });
const read = (suffix = '') => readFile(`${path}${suffix}`, 'utf8');

async function writeAll(log: ContainerLog, chunks: readonly (string | Buffer)[]): Promise<void> {
  const stream = new PassThrough();
  log.attach(stream);
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  await log.close();
}

it('stamps each line, however the output was cut into chunks', async () => {
  const umlaut = Buffer.from('ü');
  await writeAll(openLog(), ['one\ntw', 'o\n\n', umlaut.subarray(0, 1), umlaut.subarray(1), '\nno newline']);
  expect(await read()).toBe(['one', 'two', '', 'ü', 'no newline'].map((line) => `${STAMP} ${line}\n`).join(''));
});

it('keeps the log of the run before the restart', async () => {
  await writeAll(openLog(), ['first run\n']);
  await writeAll(openLog(), ['second run\n']);
  expect(await read('.1')).toBe(`${STAMP} first run\n`);
  expect(await read()).toBe(`${STAMP} second run\n`);
});

it('starts another file when this one is full, and loses nothing in between', async () => {
  const lines = Array.from({ length: 5 }, (_, index) => `line ${index}`);
  const bytesOfThree = 3 * `${STAMP} line 0\n`.length;
  await writeAll(
    openLog(bytesOfThree),
    lines.map((line) => `${line}\n`),
  );
  const kept = `${await read('.1')}${await read()}`;
  expect(kept).toBe(lines.map((line) => `${STAMP} ${line}\n`).join(''));
  expect((await read()).split('\n')).toHaveLength(3);
});

it('cuts a line that never ends', async () => {
  await writeAll(openLog(), ['x'.repeat(150_000)]);
  const lines = (await read()).trimEnd().split('\n');
  expect(lines.map((line) => line.length - STAMP.length - 1)).toEqual([65_536, 65_536, 150_000 - 2 * 65_536]);
});

it('goes on reading a stream that had to wait for a file which has since been put away', async () => {
  const log = openLog(200_000);
  const [fast, other] = [new PassThrough(), new PassThrough()];
  log.attach(fast);
  log.attach(other);
  // More than the disk takes at once: the stream waits. Meanwhile the other one fills the file.
  const lines = (text: string, count: number) => `${text.repeat(999)}\n`.repeat(count);
  fast.write(lines('a', 100));
  other.write(lines('b', 150));
  fast.end('last words\n');
  other.end();
  await finished(fast);
  await log.close();
  expect(await read()).toContain('last words');
});
