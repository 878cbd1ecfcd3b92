import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, ManualClock } from '@millrace/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ConsumerHome } from '../test/consumer-home.js';
import { LaptopView, startLaptop, type Laptop } from '../test/laptop.js';

const TEN_MINUTES_MS = 600_000;

let clock: ManualClock;
let laptop: Laptop;
let home: ConsumerHome;
beforeEach(async () => {
  clock = new ManualClock();
  laptop = await startLaptop(clock);
  home = new ConsumerHome(laptop, clock);
});
afterEach(async () => {
  await home.stop();
  await laptop.stop();
});

const isServed = () => /^True http:\/\/127\.0\.0\.1:\d+\/$/.test(home.states.at(-1) ?? '');

it('a consumer that is down for ten minutes makes a handful of Events, and nothing flaps', async () => {
  const view = new LaptopView(laptop);
  const fault = join(laptop.folder, 'fault');
  await home.start({ CRASH_WHILE: fault });
  await clock.advanceUntil(isServed, 100);
  const [pod] = await view.readyPods();
  const before = home.states.length;

  writeFileSync(fault, '');
  process.kill(await view.pidOf(pod!, 'user-container'), 'SIGKILL');
  const endsAt = clock.now() + TEN_MINUTES_MS;
  await clock.advanceUntil(() => clock.now() >= endsAt, 500);
  const restarts = async () => (await view.pods())[0]?.status?.containerStatuses?.[0]?.restartCount ?? 0;
  expect(await restarts()).toBeGreaterThan(5);
  expect(home.states.slice(before)).toEqual([]);

  rmSync(fault);
  await clock.advanceUntil(() => home.states.length > before, 500);
  expect(home.states.slice(before)).toEqual([expect.stringMatching(/^True http:\/\/127\.0\.0\.1:\d+\/$/)]);
  await eventually(async () => expect((await view.events()).join()).toContain('BackOff'));
  const events = await view.events();
  expect(events.map((event) => Number(event.split(' x')[1])).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(
    10,
  );
}, 60_000);
