import { connect } from 'nats';

/** Names of the things of a Channel, as its `status.store` tells them. */
type StoreNames = Readonly<Record<string, string>>;

/**
 * What somebody with the bare client can do to the things of a Channel.
 *
 * @param addresses `host:port` of each server
 */
export async function openNatsOperator(addresses: readonly string[]) {
  const client = await connect({ servers: [...addresses] });
  const manager = await client.jetstreamManager();
  return {
    /** `host:port` of the server that leads the stream. */
    async leaderOf({ stream = '' }: StoreNames): Promise<string | undefined> {
      const { cluster } = await manager.streams.info(stream);
      // Servers are named `server-1`, `server-2`, ... in the order of the addresses.
      return addresses[Number(/\d+$/.exec(cluster?.leader ?? '')?.[0] ?? 0) - 1];
    },
    async deleteStore({ stream = '' }: StoreNames): Promise<void> {
      await manager.streams.delete(stream);
    },
    async deletePositions({ stream = '' }: StoreNames): Promise<void> {
      const durables = await manager.consumers.list(stream).next();
      await Promise.all(durables.map(({ name }) => manager.consumers.delete(stream, name)));
    },
    close: () => client.close(),
  };
}
