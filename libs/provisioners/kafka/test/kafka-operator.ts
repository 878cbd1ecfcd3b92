import { Kafka, logLevel } from 'kafkajs';

/** Names of the things of a Channel, as its `status.store` tells them. */
type StoreNames = Readonly<Record<string, string>>;

/**
 * What somebody with the bare client can do to the things of a Channel.
 *
 * @param brokers `host:port` of each server
 */
export async function openKafkaOperator(brokers: readonly string[]) {
  const admin = new Kafka({ clientId: 'operator', brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return {
    /** `host:port` of the server that leads the first partition of the topic. */
    async leaderOf({ topic = '' }: StoreNames): Promise<string | undefined> {
      const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
      const leader = topics[0]?.partitions.find(({ partitionId }) => partitionId === 0)?.leader;
      const { brokers: servers } = await admin.describeCluster();
      const server = servers.find(({ nodeId }) => nodeId === leader);
      return server && `${server.host}:${server.port}`;
    },
    async deleteStore({ topic = '' }: StoreNames): Promise<void> {
      await admin.deleteTopics({ topics: [topic] });
    },
    deletePositions: () => Promise.reject(new Error('Kafka deletes no group that has members')),
    close: () => admin.disconnect(),
  };
}
