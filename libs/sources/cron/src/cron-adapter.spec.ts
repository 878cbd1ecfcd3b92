import { noMetrics, readCronSchedule, silentLogger } from '@millrace/eventing-api';
import { eventually, startSink, type RecordingSink } from '@millrace/testing';
import { HTTP, type CloudEvent } from 'cloudevents';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettableClock } from '../test/settable-clock.js';
import { CronAdapter } from './cron-adapter.js';

const MINUTE = 60_000;

let clock: SettableClock;
let sink: RecordingSink;
let adapter: CronAdapter;
beforeEach(async () => {
  clock = new SettableClock(Date.UTC(2026, 2, 7, 12, 0, 30));
  sink = await startSink();
});
afterEach(async () => {
  await adapter.stopIntake();
  await adapter.close();
  await sink.close();
});

async function start(expression: string, url = sink.url): Promise<void> {
  const reading = readCronSchedule(expression);
  if (reading.outcome === 'invalid') throw new Error(reading.message);
  const options = { namespace: 'default', name: 'tick', data: 'hello', schedule: reading.schedule, sink: url };
  adapter = new CronAdapter({ clock, logger: silentLogger, metrics: noMetrics }, options);
  await adapter.start();
}

const received = () => sink.received.map(({ headers, body }) => HTTP.toEvent({ headers, body }) as CloudEvent<unknown>);
const ids = () => received().map(({ id }) => id.slice(11, 16));

it('sends one event at each time of the schedule', async () => {
  await start('* * * * *');
  expect(sink.received).toEqual([]);
  for (const count of [1, 2]) {
    clock.advance(MINUTE);
    await eventually(() => expect(adapter.account.sent).toBe(count));
  }
  expect(ids()).toEqual(['12:01', '12:02']);
  expect(received()[0]).toMatchObject({ type: 'dev.knative.cronjob.event', data: { body: 'hello' } });
});

describe('a sink that does not take an event at once', () => {
  it('gets it again, as the same event, until it does', async () => {
    sink.answers.push({ status: 503 }, { status: 500 });
    await start('0 * * * *');
    clock.advance(60 * MINUTE);
    await clock.advanceUntil(() => adapter.account.sent === 1);
    expect(ids()).toEqual(['13:00', '13:00', '13:00']);
    expect(new Set(received().map(({ id }) => id)).size).toBe(1);
  });

  it('has until the next event is due', async () => {
    sink.answers.push(...Array.from({ length: 50 }, () => ({ status: 503 })));
    await start('* * * * *');
    clock.advance(30_000);
    await clock.advanceUntil(() => ids().includes('12:02'));
    sink.answers.length = 0;
    await clock.advanceUntil(() => adapter.account.sent === 1);
    expect([...adapter.account.dropped]).toEqual([['overtaken', 1]]);
    expect(ids().lastIndexOf('12:01')).toBeLessThan(ids().indexOf('12:02'));
  });

  it('is not asked for more than about an hour', async () => {
    await start('0 0 1 1 *', 'http://127.0.0.1:1/');
    clock.advance(Date.UTC(2027, 0, 1) - clock.now());
    const dueAt = clock.now();
    await clock.advanceUntil(() => adapter.account.dropped.size > 0, 30_000);
    expect([...adapter.account.dropped]).toEqual([['retries-exhausted', 1]]);
    expect(clock.now() - dueAt).toBeLessThan(75 * MINUTE);
  });

  it('is not asked again when it refuses the event for good', async () => {
    sink.answers.push({ status: 400 });
    await start('* * * * *');
    clock.advance(30_000);
    await eventually(() => expect([...adapter.account.dropped]).toEqual([['refused', 1]]));
    expect(sink.received).toHaveLength(1);
  });
});

describe('at its end', () => {
  it('sends what is on its way, and nothing new', async () => {
    await sink.close();
    sink = await startSink(50);
    await start('* * * * *');
    clock.advance(30_000);
    await adapter.stopIntake();
    clock.advance(10 * MINUTE);
    expect(adapter.pending).toBe(1);
    await adapter.drain(AbortSignal.timeout(5_000));
    expect([adapter.account.sent, adapter.pending]).toEqual([1, 0]);
    expect(ids()).toEqual(['12:01']);
  });

  it('gives up what the sink does not take, and counts it', async () => {
    await start('* * * * *', 'http://127.0.0.1:1/');
    clock.advance(30_000);
    await adapter.stopIntake();
    await adapter.drain(AbortSignal.timeout(20));
    await adapter.close();
    expect([...adapter.account.dropped]).toEqual([['stopped', 1]]);
  });
});

it('counts the times that it missed', async () => {
  await start('* * * * *');
  clock.set(10 * MINUTE);
  clock.advance(30_000);
  await eventually(() => expect(adapter.account.sent).toBe(1));
  expect(adapter.missed).toBe(10);
  expect(ids()).toEqual(['12:11']);
});
