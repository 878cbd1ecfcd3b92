import { EVENT, type Event, type KubeObject } from '@millrace/eventing-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configMap, eventually, KubeTestServer, ManualClock, RecordingLogger, sendStatus } from '@millrace/testing';
import { createKubeClient } from '../client/http-kube-client.js';
import type { KubeClient } from '../client/kube-client.types.js';
import { EventRecorder } from './event-recorder.js';

const EVENTS = '/api/v1/namespaces/default/events';

let server: KubeTestServer;
let client: KubeClient;
let clock: ManualClock;
let logger: RecordingLogger;
let recorder: EventRecorder;
let subject: KubeObject;

beforeEach(async () => {
  server = await KubeTestServer.start();
  client = createKubeClient({ kubeconfig: server.kubeconfig, userAgent: 'spec' });
  clock = new ManualClock();
  logger = new RecordingLogger();
  recorder = new EventRecorder({ client, component: 'millrace-controller', clock, logger });
  subject = server.put(configMap('settings'));
});

afterEach(async () => {
  await client.close();
  await server.close();
});

async function stored(): Promise<Event[]> {
  return (await client.list(EVENT)).items;
}

describe('EventRecorder', () => {
  it('writes an Event as kubectl describe and kubectl events want it', async () => {
    recorder.record(subject, 'Normal', 'Created', 'The thing was created');
    await recorder.flush();
    const [event] = await stored();
    const { uid, resourceVersion } = subject.metadata;
    expect(event).toMatchObject({
      metadata: { namespace: 'default', name: expect.stringMatching(/^settings\.[0-9a-f]{16}$/) },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'default',
        name: 'settings',
        uid,
        resourceVersion,
      },
      type: 'Normal',
      reason: 'Created',
      message: 'The thing was created',
      count: 1,
      firstTimestamp: '2026-01-02T03:04:05Z',
      lastTimestamp: '2026-01-02T03:04:05Z',
      source: { component: 'millrace-controller' },
      reportingComponent: 'millrace-controller',
    });
  });

  it('puts the Event of a cluster-scoped object into the namespace default', async () => {
    recorder.record({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } }, 'Normal', 'Seen', 'hello');
    await recorder.flush();
    expect((await stored())[0]?.metadata.namespace).toBe('default');
    expect((await stored())[0]?.involvedObject.namespace).toBeUndefined();
  });

  it('counts the same event again on the stored one', async () => {
    recorder.record(subject, 'Warning', 'Failed', 'no luck');
    await recorder.flush();
    clock.advance(60_000);
    recorder.record(subject, 'Warning', 'Failed', 'no luck');
    await recorder.flush();
    const events = await stored();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      count: 2,
      firstTimestamp: '2026-01-02T03:04:05Z',
      lastTimestamp: '2026-01-02T03:05:05Z',
    });
  });

  it('sums up what comes faster than it can be written', async () => {
    for (let times = 0; times < 500; times += 1) recorder.record(subject, 'Warning', 'Failed', 'no luck');
    await recorder.flush();
    expect(await stored()).toHaveLength(1);
    expect((await stored())[0]?.count).toBe(500);
    expect(server.requests.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(2);
  });

  it('tells different messages, reasons and objects apart', async () => {
    recorder.record(subject, 'Normal', 'A', 'one');
    recorder.record(subject, 'Normal', 'A', 'two');
    recorder.record(subject, 'Normal', 'B', 'one');
    recorder.record(server.put(configMap('other')), 'Normal', 'A', 'one');
    await recorder.flush();
    const events = await stored();
    expect(events).toHaveLength(4);
    expect(new Set(events.map(({ metadata }) => metadata.name)).size).toBe(4);
  });

  it('begins a new Event after ten minutes, and where the API has forgotten the old one', async () => {
    recorder.record(subject, 'Normal', 'A', 'one');
    await recorder.flush();
    clock.advance(600_001);
    recorder.record(subject, 'Normal', 'A', 'one');
    await recorder.flush();
    expect(await stored()).toHaveLength(2);
    for (const event of await stored()) server.remove(event);
    recorder.record(subject, 'Normal', 'A', 'one');
    await recorder.flush();
    expect(await stored()).toMatchObject([{ count: 1 }]);
  });

  it('cuts a message at 1024 bytes, between characters', async () => {
    recorder.record(subject, 'Normal', 'Long', 'ü'.repeat(2000));
    await recorder.flush();
    const message = (await stored())[0]?.message ?? '';
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(1024);
    expect(message).toBe(`${'ü'.repeat(510)}…`);
  });

  it('tries again while the API is away', async () => {
    await server.unlisten();
    recorder.record(subject, 'Normal', 'A', 'one');
    await eventually(() => expect(clock.waits).toEqual([500]));
    clock.advance(500);
    await eventually(() => expect(clock.waits).toEqual([1000]));
    await server.listen();
    clock.advance(1000);
    await recorder.flush();
    expect(await stored()).toHaveLength(1);
    expect(recorder.dropped).toBe(0);
  });

  it('does not write twice what was stored although the answer got lost', async () => {
    let lost = false;
    server.intercept = ({ method, body }, response) => {
      if (method !== 'POST' || lost) return false;
      lost = true;
      server.put(body as KubeObject);
      response.destroy();
      return true;
    };
    recorder.record(subject, 'Normal', 'A', 'one');
    await eventually(() => expect(clock.waits).toEqual([500]));
    clock.advance(500);
    await recorder.flush();
    expect(await stored()).toHaveLength(1);
    expect(recorder.dropped).toBe(0);
  });

  it('lets go of what the API refuses, and says so', async () => {
    server.intercept = ({ method }, response) => {
      if (method === 'POST') sendStatus(response, 403, 'Forbidden', 'no');
      return method === 'POST';
    };
    recorder.record(subject, 'Normal', 'A', 'one');
    await recorder.flush();
    expect(recorder.dropped).toBe(1);
    expect(logger.lines).toEqual(['warn: An Event was not written']);
    expect(server.requestsOf('POST', EVENTS)).toHaveLength(1);
  });

  it('holds a thousand events at most while the API is away, and never makes anybody wait', async () => {
    await server.unlisten();
    for (let index = 0; index < 1500; index += 1) recorder.record(subject, 'Normal', 'A', `message ${index}`);
    // One is being written.
    expect(recorder.dropped).toBe(499);
    const flushed = recorder.flush();
    await eventually(() => expect(clock.waits).toContain(5000));
    clock.advance(5000);
    await flushed;
    await server.listen();
  });
});
