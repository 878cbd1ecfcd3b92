import { type ProcessPart, silentLogger } from '@millrace/eventing-api';
import { ManualClock } from '@millrace/testing';
import { describe, expect, it } from 'vitest';
import { OrderedLifeCycle, StartFailure } from './ordered-life-cycle.js';

/** Notes what is asked of it. */
function part(name: string, notes: string[], overrides: Partial<ProcessPart> = {}): ProcessPart {
  const note = (step: string) => () => {
    notes.push(`${step} ${name}`);
    return Promise.resolve();
  };
  return {
    name,
    start: note('start'),
    stopIntake: note('stopIntake'),
    drain: note('drain'),
    close: note('close'),
    ...overrides,
  };
}

const clock = new ManualClock();

/** Lets pending work get as far as it can, then time pass, then what that set off. */
async function pass(ms: number): Promise<void> {
  await new Promise(setImmediate);
  clock.advance(ms);
  await new Promise(setImmediate);
}

const lifeCycleOf = (parts: readonly ProcessPart[], times = { delayMs: 0, drainMs: 1_000 }) => {
  const lifeCycle = new OrderedLifeCycle(clock, silentLogger, times);
  for (const one of parts) lifeCycle.register(one);
  return lifeCycle;
};

describe('OrderedLifeCycle', () => {
  it('starts in the order of registration and ends intake, drain and close each for all, closing in reverse', async () => {
    const notes: string[] = [];
    const lifeCycle = lifeCycleOf([part('api', notes), part('ingress', notes)]);
    expect(lifeCycle.state).toBe('starting');
    expect(await lifeCycle.start()).toBe(true);
    expect(lifeCycle.state).toBe('ready');
    const stopped = lifeCycle.stop();
    expect(lifeCycle.state).toBe('stopping');
    expect(await stopped).toBe(true);
    expect(notes).toEqual([
      'start api',
      'start ingress',
      'stopIntake api',
      'stopIntake ingress',
      'drain api',
      'drain ingress',
      'close ingress',
      'close api',
    ]);
  });

  it('closes nothing before every drain is done', async () => {
    const notes: string[] = [];
    let drained = () => {};
    const slow = part('slow', notes, {
      drain: () =>
        new Promise((resolve) => {
          drained = resolve;
        }),
    });
    const lifeCycle = lifeCycleOf([slow, part('client', notes)]);
    await lifeCycle.start();
    const stopped = lifeCycle.stop();
    await pass(999);
    expect(notes).toContain('drain client');
    expect(notes).not.toContain('close client');
    drained();
    await stopped;
    expect(notes).toContain('close client');
  });

  it('aborts the drain of all parts when their shared time is over, and closes all the same', async () => {
    const notes: string[] = [];
    const endless = part('endless', notes, {
      drain: (deadline) =>
        new Promise((resolve) => {
          deadline.addEventListener('abort', () => {
            notes.push('aborted');
            resolve();
          });
        }),
    });
    const lifeCycle = lifeCycleOf([endless], { delayMs: 0, drainMs: 20 });
    await lifeCycle.start();
    const stopped = lifeCycle.stop();
    await pass(19);
    expect(notes).not.toContain('aborted');
    await pass(1);
    expect(await stopped).toBe(true);
    expect(notes).toEqual(['start endless', 'stopIntake endless', 'aborted', 'close endless']);
  });

  it('goes on when a step of one part fails, and says that not all went well', async () => {
    const notes: string[] = [];
    const broken = part('broken', notes, { drain: () => Promise.reject(new Error('cannot')) });
    const lifeCycle = lifeCycleOf([broken, part('fine', notes)]);
    await lifeCycle.start();
    expect(await lifeCycle.stop()).toBe(false);
    expect(notes).toContain('drain fine');
    expect(notes.slice(-2)).toEqual(['close fine', 'close broken']);
  });

  it('leaves a part behind that hangs, closes the others, and says that not all went well', async () => {
    const notes: string[] = [];
    const stuck = part('stuck', notes, { close: () => new Promise(() => {}) });
    const lifeCycle = lifeCycleOf([part('first', notes), stuck]);
    await lifeCycle.start();
    const stopped = lifeCycle.stop();
    await pass(4_999);
    expect(notes).not.toContain('close first');
    await pass(1);
    expect(await stopped).toBe(false);
    expect(notes).toContain('close first');
  });

  it('stops starting at the first part that cannot, and then closes only what was started', async () => {
    const notes: string[] = [];
    const refused = part('refused', notes, { start: () => Promise.reject(new Error('data directory is locked')) });
    const lifeCycle = lifeCycleOf([part('first', notes), refused, part('never', notes)]);
    const failure = await lifeCycle.start().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StartFailure);
    expect(failure).toMatchObject({ part: 'refused', message: 'data directory is locked' });
    await lifeCycle.stop();
    expect(notes).toEqual(['start first', 'stopIntake first', 'drain first', 'close first']);
  });

  it('waits for the part that is just starting when it is told to stop, and starts no other', async () => {
    const notes: string[] = [];
    let started = () => {};
    const slow = part('slow', notes, {
      start: () =>
        new Promise((resolve) => {
          started = resolve;
        }),
    });
    const lifeCycle = lifeCycleOf([slow, part('never', notes)]);
    const start = lifeCycle.start();
    const stop = lifeCycle.stop();
    started();
    expect(await start).toBe(false);
    expect(await stop).toBe(true);
    expect(notes).toEqual(['stopIntake slow', 'drain slow', 'close slow']);
  });

  it('runs the end once, however often it is asked to', async () => {
    const notes: string[] = [];
    const lifeCycle = lifeCycleOf([part('api', notes)]);
    await lifeCycle.start();
    await Promise.all([lifeCycle.stop(), lifeCycle.stop()]);
    expect(notes.filter((note) => note === 'close api')).toHaveLength(1);
  });

  it('goes on taking in for the shut-down delay, unready', async () => {
    const notes: string[] = [];
    const lifeCycle = lifeCycleOf([part('api', notes)], { delayMs: 30, drainMs: 1_000 });
    await lifeCycle.start();
    const stopped = lifeCycle.stop();
    await pass(29);
    expect([lifeCycle.state, notes]).toEqual(['stopping', ['start api']]);
    await pass(1);
    await stopped;
    expect(notes).toContain('stopIntake api');
  });

  it('refuses a part that comes after the start', async () => {
    const lifeCycle = lifeCycleOf([]);
    await lifeCycle.start();
    expect(() => {
      lifeCycle.register({ name: 'late' });
    }).toThrow('late was registered after the start');
  });
});
