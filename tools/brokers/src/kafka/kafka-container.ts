import { Wait } from 'testcontainers';
import type { ContainerRecipe } from '../container/container-recipe.types.js';

const PORT = 9092;
const VERSION = '4.1.0';

/** The image of the Kafka project: any `KAFKA_*` replaces its configuration as a whole. */
export const kafkaContainer: ContainerRecipe = {
  image: `apache/kafka:${VERSION}`,
  version: VERSION,
  lacks: [],
  port: PORT,
  prepare: (container, hostPort) =>
    container
      .withEnvironment({
        KAFKA_NODE_ID: '1',
        KAFKA_PROCESS_ROLES: 'broker,controller',
        KAFKA_LISTENERS: `CLIENT://:${PORT},PEER://:9094,CONTROLLER://:9093`,
        KAFKA_ADVERTISED_LISTENERS: `CLIENT://127.0.0.1:${hostPort},PEER://localhost:9094`,
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CLIENT:PLAINTEXT,PEER:PLAINTEXT,CONTROLLER:PLAINTEXT',
        KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
        KAFKA_INTER_BROKER_LISTENER_NAME: 'PEER',
        KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
        KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '4',
        KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
        KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
      })
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/)),
};
