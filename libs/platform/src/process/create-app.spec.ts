import { createServer } from 'node:net';
import {
  type Health,
  LIFE_CYCLE,
  type LifeCycle,
  MANAGEMENT_ROUTES,
  type ManagementRoute,
  type ManagementRoutes,
  METRICS,
  type MetricsRegistry,
  type ProcessPart,
  silentLogger,
  systemClock,
} from '@millrace/eventing-api';
import { Module } from '@nestjs/common';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { allSettings, readSettings } from '../settings/read-settings.js';
import type { AppDefinition } from './app-definition.types.js';
import { createApp, type RunningApp } from './create-app.js';
import { startFailureText } from './start-failure-text.js';

@Module({})
class SampleModule {}

const settings = Type.Object({ eventPort: Type.Integer({ default: 0, description: 'Port of events.' }) });

function definitionOf(
  parts: readonly ProcessPart[],
  describeMetrics: (metrics: MetricsRegistry) => void = () => {},
  pages: readonly ManagementRoute[] = [],
): AppDefinition<typeof settings> {
  const useFactory = (lifeCycle: LifeCycle, metrics: MetricsRegistry, routes: ManagementRoutes) => {
    for (const page of pages) routes.add(page);
    for (const part of parts) lifeCycle.register(part);
    describeMetrics(metrics);
    return parts;
  };
  return {
    name: 'sample',
    description: 'An app for these tests.',
    managementPort: 0,
    settings,
    module: () => ({
      module: SampleModule,
      providers: [{ provide: 'parts', inject: [LIFE_CYCLE, METRICS, MANAGEMENT_ROUTES], useFactory }],
    }),
  };
}

let app: RunningApp | undefined;
afterEach(async () => {
  await app?.stop();
  app = undefined;
});

async function create(definition: AppDefinition<typeof settings>, args: string[] = []) {
  const reading = readSettings(definition, args, {});
  if (reading.outcome !== 'settings') throw new Error(reading.text);
  app = await createApp(definition, reading.settings, { logger: silentLogger, clock: systemClock });
  return { app, settings: reading.settings };
}

const get = async (path: string) => {
  const response = await fetch(`http://127.0.0.1:${app?.ports()['management']}${path}`);
  return { status: response.status, contentType: response.headers.get('content-type'), text: await response.text() };
};

describe('health of an app', () => {
  it('is alive but not ready while a part is starting, ready after, and not ready while stopping', async () => {
    let started = () => {};
    let drained = () => {};
    const part: ProcessPart = {
      name: 'ingress',
      start: () =>
        new Promise((resolve) => {
          started = resolve;
        }),
      drain: () =>
        new Promise((resolve) => {
          drained = resolve;
        }),
    };
    const { app } = await create(definitionOf([part]));
    const start = app.start();
    await expect.poll(() => app.ports()['management']).toBeGreaterThan(0);
    expect((await get('/livez')).status).toBe(200);
    expect(await get('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('"message":"starting"') });
    started();
    await start;
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/healthz')).status).toBe(200);
    const stop = app.stop();
    await expect.poll(async () => (await get('/readyz')).text).toContain('"message":"stopping"');
    expect((await get('/livez')).status).toBe(200);
    drained();
    expect(await stop).toBe(true);
  });

  it('answers 503 with the names and reasons of what is down, and 200 when it is up again', async () => {
    let health: Health = { status: 'down', message: 'no broker at 127.0.0.1:9092' };
    const { app } = await create(
      definitionOf([
        { name: 'kafka', health: () => health },
        { name: 'ingress', health: () => ({ status: 'up' }) },
      ]),
    );
    await app.start();
    const down = await get('/readyz');
    expect(down.status).toBe(503);
    expect(JSON.parse(down.text)).toMatchObject({
      status: 'error',
      error: { kafka: { status: 'down', message: 'no broker at 127.0.0.1:9092' } },
      info: { ingress: { status: 'up' }, process: { status: 'up' } },
    });
    health = { status: 'up' };
    expect((await get('/readyz')).status).toBe(200);
  });

  it('takes a part that does not answer within 2 s for down', async () => {
    const { app } = await create(definitionOf([{ name: 'stuck', health: () => new Promise(() => {}) }]));
    await app.start();
    expect(await get('/readyz')).toMatchObject({ status: 503, text: expect.stringContaining('2000ms') });
  });
});

describe('metrics of an app', () => {
  it('tells the figures of parts and process in Prometheus text, histograms cumulative', async () => {
    let delivered = 1;
    const { app } = await create(
      definitionOf([], (metrics) => {
        metrics.counter({ name: 'millrace_events_delivered_total', help: 'Delivered events', labels: [] }, () => [
          { labels: { subscription: 'default/"a"' }, value: delivered },
        ]);
        metrics.counter({ name: 'millrace_events_delivered_total', help: 'Delivered events', labels: [] }, () => [
          { labels: { subscription: 'default/b' }, value: 7 },
        ]);
        metrics.gauge({ name: 'millrace_queue_events', help: 'Waiting', labels: [] }, () => [
          { labels: {}, value: 0.5 },
        ]);
        metrics.gauge({ name: 'millrace_store_waiting', help: 'Waiting', labels: [] }, () =>
          Promise.resolve([{ labels: {}, value: 3 }]),
        );
        metrics.gauge({ name: 'millrace_away', help: 'Away', labels: [] }, () =>
          Promise.reject(new Error('the store is away')),
        );
        metrics.gauge({ name: 'millrace_broken', help: 'Broken', labels: [] }, () => {
          throw new Error('cannot be read');
        });
        metrics.histogram({ name: 'millrace_delivery_seconds', help: 'Time of deliveries', labels: [] }, () => [
          { labels: { subscription: 'default/b' }, bounds: [0.1, 1], counts: [2, 3, 1], sum: 4.5 },
        ]);
      }),
    );
    await app.start();
    const { contentType, text } = await get('/metrics');
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = text.split('\n');
    expect(lines).toContain('# HELP millrace_events_delivered_total Delivered events');
    expect(lines).toContain('# TYPE millrace_events_delivered_total counter');
    expect(lines).toContain(String.raw`millrace_events_delivered_total{subscription="default/\"a\""} 1`);
    expect(lines).toContain('millrace_events_delivered_total{subscription="default/b"} 7');
    expect(lines).toContain('millrace_queue_events 0.5');
    expect(lines).toContain('millrace_store_waiting 3');
    expect(lines).toContain('# TYPE millrace_delivery_seconds histogram');
    expect(lines).toContain('millrace_delivery_seconds_bucket{subscription="default/b",le="0.1"} 2');
    expect(lines).toContain('millrace_delivery_seconds_bucket{subscription="default/b",le="1"} 5');
    expect(lines).toContain('millrace_delivery_seconds_bucket{subscription="default/b",le="+Inf"} 6');
    expect(lines).toContain('millrace_delivery_seconds_count{subscription="default/b"} 6');
    expect(lines).toContain('millrace_delivery_seconds_sum{subscription="default/b"} 4.5');
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d+$/m);
    expect(text).toMatch(/^millrace_build_info\{app="sample",version="[\d.]+",node="v\d+[\d.]+"\} 1$/m);
    expect(text).toMatch(/^target_info\{service_name="millrace-sample"/m);
    delivered = 2;
    expect((await get('/metrics')).text).toContain(String.raw`default/\"a\""} 2`);
  });

  it('refuses one name for two kinds of metric', async () => {
    const definition = definitionOf([], (metrics) => {
      metrics.counter({ name: 'millrace_x', help: 'x', labels: [] }, () => []);
      metrics.gauge({ name: 'millrace_x', help: 'x', labels: [] }, () => []);
    });
    await expect(create(definition)).rejects.toThrow('metric millrace_x is a counter already, not a gauge');
  });
});

describe('the management port', () => {
  const pages = (...routes: ManagementRoute[]) => definitionOf([], undefined, routes);

  it('serves the pages of libraries as JSON, as they are now, beside its own', async () => {
    let events = 1;
    const { app } = await create(pages({ name: 'accounting', read: () => Promise.resolve({ events }) }));
    await app.start();
    events = 2;
    expect(await get('/accounting')).toMatchObject({ status: 200, text: '{"events":2}' });
    expect((await get('/accounting')).contentType).toContain('application/json');
    expect((await get('/livez')).text).toBe('{"status":"ok"}');
    expect((await get('/nothing')).status).toBe(404);
  });

  it('is told to the parts that start, where any free one was asked for', async () => {
    let told: number | undefined;
    const greetingOf = (lifeCycle: LifeCycle): ProcessPart => ({
      name: 'greeting',
      start: () => {
        told = lifeCycle.ports()['management'];
        return Promise.resolve();
      },
    });
    const useFactory = (lifeCycle: LifeCycle) => lifeCycle.register(greetingOf(lifeCycle));
    const module = () => ({
      module: SampleModule,
      providers: [{ provide: 'greeting', inject: [LIFE_CYCLE], useFactory }],
    });
    const { app } = await create({ ...definitionOf([]), module });
    await app.start();
    expect((await fetch(`http://127.0.0.1:${told}/livez`)).status).toBe(200);
  });

  it('has one page of a name', async () => {
    const page = { name: 'accounting', read: () => ({}) };
    await expect(create(pages(page, page))).rejects.toThrow('management page accounting is there already');
  });
});

describe('an app that cannot start', () => {
  async function refusal(definition: AppDefinition<typeof settings>, args: string[]): Promise<string> {
    const { app, settings } = await create(definition, args);
    const error: unknown = await app.start().catch((reason: unknown) => reason);
    return startFailureText(error, allSettings(definition), settings);
  }

  async function takenPort(): Promise<{ port: number; release: () => void }> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { port: (server.address() as { port: number }).port, release: () => server.close() };
  }

  it('names the port in use and the flag that chooses another', async () => {
    const { port, release } = await takenPort();
    const listening: ProcessPart = {
      name: 'ingress',
      start: () =>
        new Promise((resolve, reject) => {
          createServer().once('error', reject).listen(port, '127.0.0.1', resolve);
        }),
    };
    expect(await refusal(definitionOf([listening]), ['--event-port', `${port}`])).toBe(
      `port ${port} on 127.0.0.1 is in use: choose another with --event-port`,
    );
    release();
  });

  it('does so for its management port too', async () => {
    const { port, release } = await takenPort();
    expect(await refusal(definitionOf([]), ['--management-port', `${port}`])).toBe(
      `port ${port} on 127.0.0.1 is in use: choose another with --management-port`,
    );
    release();
  });

  it('names the flag of an address that is not there', async () => {
    expect(await refusal(definitionOf([]), ['--management-host', '192.0.2.1'])).toBe(
      '192.0.2.1 is not an address of this machine: choose another with --management-host',
    );
  });

  it('passes on what a part says', async () => {
    const locked = { name: 'api', start: () => Promise.reject(new Error('.millrace is in use by process 4711')) };
    expect(await refusal(definitionOf([locked]), [])).toBe('.millrace is in use by process 4711');
  });
});
