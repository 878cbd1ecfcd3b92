import { silentLogger, type Clock } from '@millrace/eventing-api';
import { CloudEvent } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { sendUntilTaken, type SendOptions } from './send-until-taken.js';
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

const event = new CloudEvent({ id: 'a', source: '/s', type: 't' });
const unavailable: PostOutcome = { outcome: 'refused', status: 503, retryable: true };
const never = new AbortController().signal;

function optionsOf(...answers: PostOutcome[]) {
  const clock = new ImpatientClock();
  const post: SendOptions['post'] = () => Promise.resolve(answers.shift() ?? unavailable);
  return { post, clock, logger: silentLogger, maxAttempts: 9, maxWaitMs: 10_000 };
}

describe('the waits between attempts', () => {
  it('double up to the longest, and the event is given up at the end', async () => {
    const options = optionsOf();
    expect(await sendUntilTaken(event, never, options)).toBe('retries-exhausted');
    expect(options.clock.waits).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it.each([
    ['3', 3_000],
    ['0', 200],
    ['3600', 60_000],
    ['Thu, 01 Jan 1970 00:00:07 GMT', 7_000],
    ['soon', 200],
  ])('are what the sink asks for (Retry-After: %s becomes %i ms)', async (retryAfter, waitMs) => {
    const options = optionsOf({ ...unavailable, retryAfter }, { outcome: 'accepted' });
    expect(await sendUntilTaken(event, never, options)).toBe('taken');
    expect(options.clock.waits).toEqual([waitMs]);
  });

  it('end when somebody calls it off', async () => {
    const abort = new AbortController();
    const options = { ...optionsOf(), clock: { now: () => 0, schedule: () => ({ cancel: () => undefined }) } };
    const outcome = sendUntilTaken(event, abort.signal, options);
    setImmediate(() => abort.abort());
    expect(await outcome).toBe('aborted');
  });
});

it('asks once only where the sink refuses for good', async () => {
  const options = optionsOf({ outcome: 'refused', status: 400, retryable: false }, { outcome: 'accepted' });
  expect(await sendUntilTaken(event, never, options)).toBe('refused');
});

it('goes on after a sink that cannot be reached', async () => {
  const options = optionsOf({ outcome: 'unreachable', message: 'ECONNREFUSED' }, { outcome: 'accepted' });
  expect(await sendUntilTaken(event, never, options)).toBe('taken');
});
