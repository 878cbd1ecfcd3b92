import { silentLogger, systemClock } from '@millrace/eventing-api';
import type { PostOutcome } from '@millrace/sources-sink';
import { CloudEvent } from 'cloudevents';
import { afterEach, expect, it } from 'vitest';
import { EventQueue, type EventQueueOptions } from './event-queue.js';

const eventOf = (id: string) => new CloudEvent({ id, source: '/s', type: 't' });

let queue: EventQueue;
afterEach(() => queue.close());

function start(post: EventQueueOptions['post'], maxQueued?: number): void {
  queue = new EventQueue({ post, clock: systemClock, logger: silentLogger, maxQueued });
}

const idle = () => queue.whenIdle(AbortSignal.timeout(5_000));

it('keeps no more than it may, and counts what it drops', async () => {
  let answer: (outcome: PostOutcome) => void = () => undefined;
  const sent: string[] = [];
  start(({ id }) => {
    sent.push(id);
    return new Promise((resolve) => (answer = resolve));
  }, 2);
  for (const id of ['a', 'b', 'c']) queue.send(eventOf(id));
  expect([...queue.account.dropped]).toEqual([['queue-full', 1]]);
  answer({ outcome: 'accepted' });
  await expect.poll(() => sent).toEqual(['a', 'b']);
  answer({ outcome: 'accepted' });
  await idle();
  expect([queue.account.sent, queue.pending]).toEqual([2, 0]);
});

it('goes on with the next event behind one that the sink refuses', async () => {
  start(({ id }) =>
    Promise.resolve(id === 'a' ? { outcome: 'refused', status: 400, retryable: false } : { outcome: 'accepted' }),
  );
  for (const id of ['a', 'b']) queue.send(eventOf(id));
  await idle();
  expect([...queue.account.dropped]).toEqual([['refused', 1]]);
  expect(queue.account.sent).toBe(1);
});

it('counts what is still waiting when it is closed', async () => {
  start(
    (_event, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  queue.send(eventOf('a'));
  queue.send(eventOf('b'));
  await queue.close();
  queue.send(eventOf('c'));
  expect([...queue.account.dropped]).toEqual([['stopped', 3]]);
  expect(queue.pending).toBe(0);
});
