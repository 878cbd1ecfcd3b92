import { silentLogger, type Clock } from '@millrace/eventing-api';
import { CloudEvent } from 'cloudevents';
import { afterEach, describe, expect, it } from 'vitest';
import { EventSender, type EventSenderOptions } from './event-sender.js';
import type { PostOutcome } from './sink.js';

/** A clock whose waits are over at once, and are written down. */
class ImpatientClock implements Clock {
  readonly waits: number[] = [];
  now(): number {
    return 0;
  }
  schedule(delayMs: number, callback: () => void) {
    this.waits.push(delayMs);
    const immediate = setImmediate(callback);
    return { cancel: () => clearImmediate(immediate) };
  }
}

const eventOf = (id: string) => new CloudEvent({ id, source: '/s', type: 't' });
const unavailable: PostOutcome = { outcome: 'refused', status: 503, retryable: true };

let sender: EventSender;
afterEach(() => sender.close());

function senderOf(post: EventSenderOptions['post'], options: Partial<EventSenderOptions> = {}) {
  const clock = new ImpatientClock();
  sender = new EventSender({ post, clock, logger: silentLogger, ...options });
  return clock;
}

const idle = () => sender.whenIdle(AbortSignal.timeout(5_000));

describe('the waits between attempts', () => {
  it('double up to ten seconds, and the event is given up at the end', async () => {
    const clock = senderOf(() => Promise.resolve(unavailable));
    sender.send(eventOf('a'));
    await idle();
    expect(clock.waits).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 10_000, 10_000]);
    expect([...sender.dropped]).toEqual([['retries-exhausted', 1]]);
  });

  it.each([
    [3_000, 3_000],
    [10, 200],
    [3_600_000, 60_000],
  ])('are what the sink asks for (%i ms becomes %i ms)', async (retryAfterMs, waitMs) => {
    const answers: PostOutcome[] = [{ ...unavailable, retryAfterMs }, { outcome: 'accepted' }];
    const clock = senderOf(() => Promise.resolve(answers.shift()!));
    sender.send(eventOf('a'));
    await idle();
    expect(clock.waits).toEqual([waitMs]);
    expect(sender.sent).toBe(1);
  });
});

it('keeps no more than it may, and counts what it drops', async () => {
  let answer: (outcome: PostOutcome) => void = () => undefined;
  const sent: string[] = [];
  senderOf(
    ({ id }) => {
      sent.push(id);
      return new Promise((resolve) => (answer = resolve));
    },
    { maxQueued: 2 },
  );
  for (const id of ['a', 'b', 'c']) sender.send(eventOf(id));
  expect([...sender.dropped]).toEqual([['queue-full', 1]]);
  answer({ outcome: 'accepted' });
  await expect.poll(() => sent).toEqual(['a', 'b']);
  answer({ outcome: 'accepted' });
  await idle();
  expect(sender).toMatchObject({ sent: 2, pending: 0 });
});

it('counts what is still waiting when it is closed', async () => {
  senderOf(
    (_event, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
  );
  sender.send(eventOf('a'));
  sender.send(eventOf('b'));
  await sender.close();
  sender.send(eventOf('c'));
  expect([...sender.dropped]).toEqual([['stopped', 3]]);
  expect(sender.pending).toBe(0);
});
