import { systemClock } from '@millrace/eventing-api';
import { afterEach, describe, expect, it } from 'vitest';
import { DumperServer } from './dumper-server.js';

let server: DumperServer | undefined;
let printed = '';

async function dumper(settings: { verbose?: boolean; respondStatus?: number; respondDelayMs?: number } = {}) {
  printed = '';
  const options = { host: '127.0.0.1', port: 0, verbose: false, respondStatus: 200, respondDelayMs: 0, ...settings };
  server = new DumperServer(options, systemClock, (text) => {
    printed += text;
  });
  await server.start();
  return `http://127.0.0.1:${server.ports().http}/`;
}

afterEach(() => server?.drain(AbortSignal.abort()));

const binaryHeaders = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/demo', 'ce-type': 'dev.demo' };
const post = (url: string, headers: Record<string, string>, body: string) =>
  fetch(url, { method: 'POST', headers, body });

describe('DumperServer', () => {
  it('prints one line for an event in binary mode and answers 200 with nothing', async () => {
    const url = await dumper();
    const response = await post(url, { ...binaryHeaders, 'content-type': 'application/json' }, '{"a":\n 1}');
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(printed).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z dev\.demo \/demo 1 \{"a": 1\}\n$/);
  });

  it('prints the data of structured events, and a line for each event of a batch', async () => {
    const url = await dumper();
    const event = (id: string, more: object) => ({
      specversion: '1.0',
      id,
      source: '/demo',
      type: 'dev.demo',
      ...more,
    });
    await post(
      url,
      { 'content-type': 'application/cloudevents+json' },
      JSON.stringify(event('2', { data: { hello: 'world' } })),
    );
    expect(printed).toContain(' /demo 2 {"hello":"world"}\n');
    const batch = [event('3', { data_base64: 'aGk=' }), event('4', {})];
    await post(url, { 'content-type': 'application/cloudevents-batch+json' }, JSON.stringify(batch));
    expect(printed).toContain(' /demo 3 hi\n');
    expect(printed).toContain(' /demo 4 \n');
  });

  it('shortens long data and does not print bytes that are no text', async () => {
    const url = await dumper();
    await post(url, binaryHeaders, 'x'.repeat(1_000));
    expect(printed).toContain(`${'x'.repeat(200)}… (1000 characters)`);
    await fetch(url, { method: 'POST', headers: binaryHeaders, body: new Uint8Array([0xff, 0xfe]) });
    expect(printed).toContain('<2 bytes that are no text>');
  });

  it('prints every header and the indented body when verbose', async () => {
    const url = await dumper({ verbose: true });
    await post(url, { ...binaryHeaders, 'content-type': 'application/json', 'ce-team': 'a' }, '{"a":1}');
    expect(printed).toContain('  ce-team: a\n');
    expect(printed).toContain('  {\n    "a": 1\n  }\n');
  });

  it('prints a request without an event as such and answers 400 with the reason', async () => {
    const url = await dumper();
    const response = await post(`${url}some/path`, { 'content-type': 'text/plain' }, 'hello');
    expect(response.status).toBe(400);
    expect(printed).toContain(`no event: POST /some/path: ${(await response.text()).trim()}`);
  });

  it('misbehaves as told', async () => {
    const url = await dumper({ respondStatus: 503, respondDelayMs: 30 });
    const before = performance.now();
    const response = await post(url, binaryHeaders, '');
    expect(response.status).toBe(503);
    expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  });

  it('lets the answer that is under way go out when it ends', async () => {
    const url = await dumper({ respondDelayMs: 50 });
    const answer = post(url, binaryHeaders, '');
    await expect.poll(() => printed).not.toBe('');
    await server?.stopIntake();
    await server?.drain(new AbortController().signal);
    expect((await answer).status).toBe(200);
  });
});
