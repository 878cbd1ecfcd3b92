import type { BrokerNode } from '@millrace/brokers';
import { connect } from 'nats';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { OWNERS_STREAM, streamName } from '../src/names.js';
import { newChannel, openStore, ownBroker, Reader, stored, subscriptionOf, testEvent } from './open-store.js';

const broker = await ownBroker({ nodes: 3 });
const PATIENCE = { timeout: 60_000, interval: 20 };
const PRODUCERS = 8;

describe.skipIf(!broker)('a cluster of three servers', () => {
  afterAll(() => broker!.stop());

  /** The server that leads the stream, by its name `server-<n>`. */
  const leaderOf = async (stream: string): Promise<BrokerNode> => {
    const client = await connect({ servers: [...broker!.addresses] });
    const info = await (await client.jetstreamManager()).streams.info(stream);
    await client.close();
    const number = /\d+$/.exec(info.cluster?.leader ?? '')?.[0];
    return broker!.nodes[Number(number) - 1] as BrokerNode;
  };

  it.each(['killed', 'frozen'] as const)(
    'loses nothing that was called stored when the leader of the stream is %s under load, and keeps the order of each key',
    async (fate) => {
      const parameters = { replicas: 3 };
      const [here, there] = [
        await openStore(broker!.addresses, { parameters }),
        await openStore(broker!.addresses, { parameters }),
      ];
      const channel = newChannel();
      const audit = subscriptionOf(channel);
      await vi.waitFor(() => here.ensureChannel(channel), PATIENCE);
      await vi.waitFor(() => here.ensureSubscription(audit, 'now'), PATIENCE);
      expect(await here.durability()).toMatchObject({ level: 'Replicated' });
      const log: string[] = [];
      const reader = () =>
        new Reader(({ id }, { signal }) => {
          if (!signal.aborted) log.push(id);
          return signal.aborted ? 'release' : 'delivered';
        });
      const consumptions = [reader().read(here, audit), reader().read(there, audit)];
      const storedIds: string[] = [];
      let isOver = false;
      const producers = Array.from({ length: PRODUCERS }, async (_, producer) => {
        for (let index = 0; !isOver; index++) {
          const id = `${producer}-${String(index).padStart(6, '0')}`;
          const { outcome } = await here.publish(channel, testEvent(id, `k${producer}`), undefined);
          if (outcome === 'stored') storedIds.push(id);
          else await new Promise((resolve) => setTimeout(resolve, 50));
        }
      });
      const more = (count: number) => {
        const enough = storedIds.length + count;
        return vi.waitFor(() => expect(storedIds.length).toBeGreaterThan(enough), PATIENCE);
      };
      await more(200);
      const leader = await leaderOf(streamName(channel));
      if (fate === 'killed') await leader.kill();
      else leader.freeze();
      await more(200);
      if (fate === 'killed') await leader.start();
      else leader.thaw();
      await more(200);
      isOver = true;
      await Promise.all(producers);
      await vi.waitFor(() => {
        const seen = new Set(log);
        expect(storedIds.filter((id) => !seen.has(id))).toEqual([]);
      }, PATIENCE);
      const inOrder = [...new Set(log)].filter((id) => storedIds.includes(id));
      for (let producer = 0; producer < PRODUCERS; producer++) {
        const ofKey = inOrder.filter((id) => id.startsWith(`${producer}-`));
        expect(ofKey).toEqual([...ofKey].sort());
      }
      await Promise.all(consumptions.map((consumption) => consumption.stop(AbortSignal.abort())));
      await Promise.all([here.close(), there.close()]);
    },
    180_000,
  );

  it('shares the partitions of a Channel that asks for three servers itself without the one that leads for who owns what', async () => {
    const store = await openStore(broker!.addresses);
    const channel = { ...newChannel(), arguments: { replicas: 3 } };
    const audit = subscriptionOf(channel);
    await vi.waitFor(() => store.ensureChannel(channel), PATIENCE);
    await vi.waitFor(() => store.ensureSubscription(audit, 'now'), PATIENCE);
    const leader = await leaderOf(OWNERS_STREAM);
    await leader.kill();
    const reader = new Reader(() => 'delivered');
    const consumption = reader.read(store, audit);
    await vi.waitFor(async () => {
      expect(await store.publish(channel, testEvent('A1'), undefined)).toEqual({ outcome: 'stored' });
    }, PATIENCE);
    await vi.waitFor(() => expect(reader.ids).toContain('A1'), PATIENCE);
    await leader.start();
    await consumption.stop(AbortSignal.abort());
    await store.close();
  }, 180_000);

  it('keeps who owns what on as many servers as a Channel asks for, whichever process makes that anew', async () => {
    const [ensuring, consuming] = [await openStore(broker!.addresses), await openStore(broker!.addresses)];
    const channel = { ...newChannel(), arguments: { replicas: 3 } };
    const audit = subscriptionOf(channel);
    await vi.waitFor(() => ensuring.ensureChannel(channel), PATIENCE);
    await vi.waitFor(() => ensuring.ensureSubscription(audit, 'now'), PATIENCE);
    const reader = new Reader();
    const consumption = reader.read(consuming, audit);
    await stored(ensuring, channel, testEvent('1'));
    await vi.waitFor(() => expect(reader.ids).toEqual(['1']), PATIENCE);
    const client = await connect({ servers: [...broker!.addresses] });
    const { streams } = await client.jetstreamManager();
    await streams.delete(OWNERS_STREAM);
    const madeAnew = await vi.waitFor(() => streams.info(OWNERS_STREAM), PATIENCE);
    expect(madeAnew.config.num_replicas).toBe(3);
    await consumption.stop(AbortSignal.abort());
    await client.close();
    await Promise.all([ensuring.close(), consuming.close()]);
  }, 180_000);
});
