import { EVENT, systemClock, type Event } from '@millrace/eventing-api';
import { HTTP, type CloudEvent } from 'cloudevents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventOf, startHome, stopAdapter, type Home } from '../test/home.js';
import { startSink, type RecordingSink } from '@millrace/testing';
import type { KubernetesEventAdapter } from './kubernetes-event-adapter.js';

let home: Home;
let sink: RecordingSink;
let adapter: KubernetesEventAdapter;
beforeEach(async () => {
  home = await startHome();
  sink = await startSink();
});
afterEach(async () => {
  await stopAdapter(adapter);
  await sink.close();
  await home.close();
});

const create = (event: Event) => home.client.create(EVENT, event);
const received = () => sink.received.map(({ headers, body }) => HTTP.toEvent({ headers, body }) as CloudEvent<Event>);
const names = () => received().map(({ subject }) => subject);

async function startSynced(): Promise<void> {
  adapter = await home.startAdapter(sink.url);
  await expect.poll(() => adapter.health().status).toBe('up');
}

describe('a Kubernetes Event', () => {
  it('becomes a CloudEvent 1.0 in binary mode that tells what happened to what', async () => {
    await startSynced();
    const stored = await create(eventOf('busybox.1'));
    await expect.poll(received).toHaveLength(1);
    expect(sink.received[0]).toMatchObject({
      method: 'POST',
      headers: {
        'ce-specversion': '1.0',
        'ce-type': 'dev.knative.k8s.event',
        'ce-source': '/apis/v1/namespaces/default/pods/busybox',
        'ce-subject': 'busybox.1',
        'content-type': 'application/json',
      },
    });
    const [event] = received();
    expect(event?.data).toMatchObject({ kind: 'Event', reason: 'Started', metadata: { uid: stored.metadata.uid } });
    expect(Date.parse(event?.time ?? '')).toBe(Date.parse(stored.lastTimestamp ?? ''));
  });

  it('that counts up is another CloudEvent, with another id and a later time', async () => {
    await startSynced();
    await create(eventOf('busybox.1'));
    await expect.poll(received).toHaveLength(1);
    const lastTimestamp = '2999-01-01T00:00:00Z';
    const key = { namespace: 'default', name: 'busybox.1' };
    await home.client.patch(EVENT, key, 'application/merge-patch+json', { count: 2, lastTimestamp });
    await expect.poll(received).toHaveLength(2);
    const [first, second] = received();
    expect(second?.id).not.toBe(first?.id);
    expect(second?.source).toBe(first?.source);
    expect(second?.time).toBe('2999-01-01T00:00:00.000Z');
  });

  it('of another namespace is not sent, nor is one that expires', async () => {
    await startSynced();
    await create(eventOf('busybox.1'));
    const elsewhere = { namespace: 'kube-system', name: 'other.1' };
    await create({
      ...eventOf('other.1', { metadata: elsewhere }),
      involvedObject: { kind: 'Pod', apiVersion: 'v1', ...elsewhere },
    });
    await home.client.delete(EVENT, { namespace: 'default', name: 'busybox.1' });
    await create(eventOf('busybox.2'));
    await expect.poll(names).toContain('busybox.2');
    expect(names()).toEqual(['busybox.1', 'busybox.2']);
  });
});

describe('an adapter that starts', () => {
  it('does not repeat what its predecessor sent', async () => {
    await startSynced();
    await create(eventOf('busybox.1', { lastTimestamp: new Date(Date.now() - 5_000).toISOString() }));
    await expect.poll(names).toEqual(['busybox.1']);
    await stopAdapter(adapter);
    await startSynced();
    await create(eventOf('busybox.2'));
    await expect.poll(names).toContain('busybox.2');
    expect(names()).toEqual(['busybox.1', 'busybox.2']);
  });

  it('sends what happened between its start and its first list', async () => {
    const started = systemClock.now();
    await create(eventOf('busybox.1', { lastTimestamp: new Date(started - 60_000).toISOString() }));
    await create(eventOf('busybox.2', { lastTimestamp: new Date(started + 1_000).toISOString() }));
    await startSynced();
    await expect.poll(names).toEqual(['busybox.2']);
  });

  it('is not ready while it cannot list Events', async () => {
    adapter = await home.startAdapter(sink.url);
    expect(adapter.health()).toEqual({
      status: 'down',
      message: 'Events of namespace "default" could not be listed yet',
    });
  });
});

describe('a sink that does not take an event at once', () => {
  it('gets it again until it does, in order and one at a time', async () => {
    await sink.close();
    sink = await startSink(20);
    sink.answers.push({ status: 503 }, { status: 500 }, { status: 404 });
    await startSynced();
    for (const name of ['a.1', 'a.2', 'a.3']) await create(eventOf(name));
    await expect.poll(names, { timeout: 5_000 }).toEqual(['a.1', 'a.1', 'a.1', 'a.1', 'a.2', 'a.3']);
    expect(
      new Set(
        received()
          .slice(0, 4)
          .map(({ id }) => id),
      ).size,
    ).toBe(1);
    expect(sink.mostAtOnce()).toBe(1);
  });

  it('is not asked again when it refuses the event for good', async () => {
    sink.answers.push({ status: 400 });
    await startSynced();
    await create(eventOf('a.1'));
    await create(eventOf('a.2'));
    await expect.poll(names).toEqual(['a.1', 'a.2']);
  });
});

it('records no Kubernetes Events of its own, whatever becomes of the deliveries', async () => {
  sink.answers.push({ status: 400 }, { status: 500 });
  await startSynced();
  await create(eventOf('a.1'));
  await create(eventOf('a.2'));
  await expect.poll(names, { timeout: 5_000 }).toEqual(['a.1', 'a.2', 'a.2']);
  expect((await home.client.list(EVENT)).items).toHaveLength(2);
});

it('sends what waits before it ends', async () => {
  await sink.close();
  sink = await startSink(100);
  await startSynced();
  await Promise.all(['a.1', 'a.2', 'a.3'].map((name) => create(eventOf(name))));
  await expect.poll(() => adapter.pending, { interval: 5 }).toBe(3);
  await adapter.stopIntake();
  await adapter.drain(AbortSignal.timeout(5_000));
  expect(names().sort()).toEqual(['a.1', 'a.2', 'a.3']);
});
