import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi } from '../../test/api-harness.js';

const PODS = '/api/v1/namespaces/default/pods';
let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());

/** Creates a Pod and returns the directory of its logs. */
async function pod(name: string, ...containers: string[]): Promise<string> {
  const spec = { containers: containers.map((container) => ({ name: container, image: 'x' })) };
  const { body } = await api.post(PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec });
  const directory = join(api.podLogDir, `default_${name}_${body.metadata.uid}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

const LINES = [0, 1, 2].map((second) => `2026-01-01T00:00:0${second}.000000001Z line ${second}\n`).join('');

describe('the log of a Pod', () => {
  it('is given whole, as a tail, since a time, up to a length, and with times', async () => {
    writeFileSync(join(await pod('one', 'main'), 'main.log'), LINES);
    const log = async (query: string) => String((await api.get(`${PODS}/one/log?${query}`)).body);
    expect(await log('')).toBe('line 0\nline 1\nline 2\n');
    expect(await log('tailLines=1')).toBe('line 2\n');
    expect(await log('tailLines=0')).toBe('');
    expect(await log('sinceTime=2026-01-01T00:00:01Z')).toBe('line 1\nline 2\n');
    expect(await log('limitBytes=4')).toBe('line');
    expect(await log('timestamps=true&tailLines=1')).toBe('2026-01-01T00:00:02.000000001Z line 2\n');
  });

  it('is that of the only container, or of the named one', async () => {
    await pod('two', 'a', 'b');
    const ambiguous = await api.get(`${PODS}/two/log`);
    expect([ambiguous.status, ambiguous.body.message]).toEqual([
      400,
      'a container name must be specified for pod two, choose one of: [a b]',
    ]);
    expect((await api.get(`${PODS}/two/log?container=c`)).body.message).toBe('container c is not valid for pod two');
    const empty = await api.get(`${PODS}/two/log?container=a`);
    expect([empty.status, empty.body]).toEqual([200, '']);
  });

  it('of the process before is kept', async () => {
    const directory = await pod('before', 'main');
    expect((await api.get(`${PODS}/before/log?previous=true`)).status).toBe(400);
    writeFileSync(join(directory, 'main.log.1'), LINES);
    expect((await api.get(`${PODS}/before/log?previous=true`)).body).toContain('line 2');
  });

  it('can be followed across a rotation until the Pod is gone', async () => {
    const directory = await pod('live', 'main');
    const file = join(directory, 'main.log');
    writeFileSync(file, LINES);
    const response = await fetch(`${api.url}${PODS}/live/log?follow=true&tailLines=1`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const readUntil = async (end: string) => {
      let text = '';
      while (!text.endsWith(end)) text += (await reader.read()).value ?? end;
      return text;
    };
    expect(await readUntil('2\n')).toBe('line 2\n');
    appendFileSync(file, '2026-01-01T00:00:03Z half');
    appendFileSync(file, ' and half\n');
    expect(await readUntil('half\n')).toBe('half and half\n');
    renameSync(file, `${file}.1`);
    writeFileSync(file, '2026-01-01T00:00:04Z after\n');
    expect(await readUntil('after\n')).toBe('after\n');
    await api.delete(`${PODS}/live`);
    expect((await reader.read()).done).toBe(true);
  });
});
