import type { ChannelDriver, DriverChannel, DriverSubscription } from '@millrace/eventing-api';
import { connect, createInbox, nanos } from 'nats';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { durableName, streamName } from '../src/names.js';
import { BreakableLink } from './breakable-link.js';
import {
  newChannel,
  openStore,
  ownBroker,
  Reader,
  stored,
  subscriptionOf,
  testEvent,
  untilLost,
} from './open-store.js';

const broker = await ownBroker();
const PATIENCE = { timeout: 30_000, interval: 20 };

/** Ids of each key in the order in which they came, each once. */
function byKey(ids: readonly string[]): Record<string, string[]> {
  const keys: Record<string, string[]> = {};
  for (const id of new Set(ids)) (keys[id.split('-')[0]!] ??= []).push(id);
  return keys;
}

describe.skipIf(!broker)('two processes that share a Subscription', () => {
  let channel: DriverChannel;
  let audit: DriverSubscription;
  let link: BreakableLink;
  let here: ChannelDriver;
  let there: ChannelDriver;
  let published: string[];

  const publish = async (from: number, to: number) => {
    for (let index = from; index < to; index++) {
      const key = `k${index % 12}`;
      const id = `${key}-${String(index).padStart(4, '0')}`;
      await stored(there, channel, testEvent(id, key));
      published.push(id);
    }
  };

  beforeEach(async () => {
    [channel, published] = [newChannel(), []];
    audit = subscriptionOf(channel);
    link = await BreakableLink.to(broker!.addresses[0]!);
    here = await openStore([link.address]);
    there = await openStore(broker!.addresses);
    await there.ensureChannel(channel);
    await there.ensureSubscription(audit, 'now');
  });

  afterEach(async () => {
    await there.deleteChannel(channel);
    await Promise.all([here.close(), there.close()]);
    link.close();
  });

  afterAll(() => broker!.stop());

  it.each([1, 4, 64])(
    'survive that one falls silent in mid-delivery and comes back, with %i in flight',
    async (maxInFlight) => {
      const log: string[] = [];
      const note = (id: string) => log.push(id);
      let isSilent = false;
      const silent = new Reader((event, claim) => {
        if (isSilent) return untilLost(event, claim);
        note(event.id);
        return 'delivered';
      });
      /** Events that were handed out while the silent process still thought that they were its own. */
      const overlaps: string[] = [];
      const lively = new Reader(({ id }) => {
        const claim = silent.claims[silent.ids.lastIndexOf(id)];
        if (claim && !claim.signal.aborted) overlaps.push(id);
        note(id);
        return 'delivered';
      });
      const consumptions = [silent.read(here, audit, maxInFlight), lively.read(there, audit, maxInFlight)];
      // Both have a share.
      for (let from = 0; silent.events.length === 0 || lively.events.length === 0; from += 12)
        await publish(from, from + 12);
      await vi.waitFor(() => expect(new Set(log).size).toBe(published.length), PATIENCE);

      isSilent = true;
      const first = published.length;
      await publish(first, first + 60);
      await vi.waitFor(() => expect(silent.claims.some(({ signal }) => !signal.aborted)).toBe(true), PATIENCE);
      link.freeze();
      await publish(first + 60, first + 120);
      await vi.waitFor(() => expect(new Set(log).size).toBe(published.length), PATIENCE);
      expect(byKey(log)).toEqual(byKey(published));
      expect(overlaps).toEqual([]);

      isSilent = false;
      const before = silent.events.length;
      link.thaw();
      for (let from = published.length; silent.events.length === before; from += 12) await publish(from, from + 12);
      await vi.waitFor(() => expect(new Set(log).size).toBe(published.length), PATIENCE);
      expect(byKey(log)).toEqual(byKey(published));
      await Promise.all(consumptions.map((consumption) => consumption.stop(AbortSignal.abort())));
    },
    120_000,
  );

  it('keep the order of each key while processes come and go, and each connection breaks', async () => {
    const log: string[] = [];
    const note = () =>
      new Reader(({ id }, { signal }) => {
        if (!signal.aborted) log.push(id);
        return signal.aborted ? 'release' : 'delivered';
      });
    const steady = note().read(there, audit, 8);
    for (let round = 0; round < 6; round++) {
      const guest = note().read(here, audit, 8);
      await publish(published.length, published.length + 60);
      if (round % 2 === 0) link.freeze();
      await publish(published.length, published.length + 60);
      await guest.stop(AbortSignal.abort());
      link.thaw();
    }
    await vi.waitFor(() => expect(new Set(log).size).toBe(published.length), PATIENCE);
    expect(byKey(log)).toEqual(byKey(published));
    await steady.stop(AbortSignal.abort());
  }, 120_000);

  it('hold back what comes after an event that somebody else was given, until that comes back', async () => {
    const single = newChannel({ arguments: { partitions: 1 } });
    const subscription = subscriptionOf(single);
    await there.ensureChannel(single);
    await there.ensureSubscription(subscription, 'now');
    const reader = new Reader();
    const consumption = reader.read(there, subscription, 4);
    // As a former owner does that was stopped: it has asked for messages, and says nothing when they come.
    const client = await connect({ servers: [...broker!.addresses] });
    let given = 0;
    const inbox = createInbox();
    client.subscribe(inbox, { callback: () => given++ });
    const next = `$JS.API.CONSUMER.MSG.NEXT.${streamName(single)}.${durableName(subscription, 0)}`;
    for (let pull = 0; pull < 10; pull++) {
      client.publish(next, JSON.stringify({ batch: 1, expires: nanos(60_000) }), { reply: inbox });
    }
    await client.flush();
    const ids = Array.from({ length: 60 }, (_, index) => `event-${index}`);
    for (const id of ids) await stored(there, single, testEvent(id, 'one key'));
    await vi.waitFor(() => expect(new Set(reader.ids).size).toBe(ids.length), PATIENCE);
    expect(given, 'messages that somebody else was given').toBeGreaterThan(0);
    expect([...new Set(reader.ids)]).toEqual(ids);
    await consumption.stop(AbortSignal.abort());
    await client.close();
    await there.deleteChannel(single);
  }, 60_000);

  it('agree anew when somebody deletes what they had agreed on', async () => {
    const client = await connect({ servers: [...broker!.addresses] });
    const manager = await client.jetstreamManager();
    const [a, b] = [new Reader(), new Reader()];
    const consumptions = [a.read(here, audit), b.read(there, audit)];
    await publish(0, 24);
    await manager.streams.delete('KN_OWNERS');
    await publish(24, 96);
    const seen = () => new Set([...a.ids, ...b.ids]).size;
    await vi.waitFor(() => expect(seen()).toBe(96), PATIENCE);
    await Promise.all(consumptions.map((consumption) => consumption.stop(AbortSignal.abort())));
    await client.close();
  }, 60_000);
});
