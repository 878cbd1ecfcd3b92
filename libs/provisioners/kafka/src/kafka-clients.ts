import net from 'node:net';
import tls from 'node:tls';
import { describeTlsFault, type DriverContext } from '@millrace/eventing-api';
import kafkajs, {
  Kafka,
  PartitionAssigners,
  Partitioners,
  type Admin,
  type Cluster,
  type Consumer,
  type ISocketFactoryArgs,
  type Producer,
  type SASLOptions,
  type logCreator,
} from 'kafkajs';
import { kafkaJsLog } from './kafka-log.js';
import type { KafkaOptions } from './kafka-options.js';
import { patchKafkaJs } from './kafkajs-patches.js';

const CONNECTION_TIMEOUT_MS = 3000;
/** A broker that says nothing for so long is taken to hang. */
const REQUEST_TIMEOUT_MS = 5000;
const KEEP_ALIVE_MS = 60_000;
const METADATA_MAX_AGE_MS = 60_000;
/** A topic that has grown is consumed whole after this long at the latest. */
const CONSUMER_METADATA_MAX_AGE_MS = 10_000;

/** Longest rebalance: how long the group waits for a member that does not come back. */
export const REBALANCE_TIMEOUT_MS = 30_000;
/** Longest that the broker holds an answer back for want of events; a consumption ends after this long at the latest. */
const FETCH_WAIT_MS = 500;

/** Always given: under NODE_ENV=test kafkajs has other defaults. */
const RETRY = { retries: 3, initialRetryTime: 100, maxRetryTime: 1000, factor: 0.2, multiplier: 2 };

/** Makes kafkajs's clients, all for one cluster. A client has connections of its own, and nothing in common with the others. */
export class KafkaClients {
  private readonly sockets = new Set<net.Socket>();
  private readonly logCreator: logCreator;
  private closed = false;

  constructor(
    private readonly options: KafkaOptions,
    { logger, clock }: DriverContext,
  ) {
    patchKafkaJs();
    this.logCreator = kafkaJsLog(logger, clock, () => this.closed);
  }

  admin(): Admin {
    return this.kafka().admin();
  }

  producer(): Producer {
    return this.kafka().producer({
      allowAutoTopicCreation: false,
      // One that is idempotent loses events that it calls stored, where two batches of a partition are under way (kafkajs issue 598).
      idempotent: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      retry: RETRY,
    });
  }

  /**
   * A consumer that hands over no more than is asked for, and gives up at the first crash: whoever runs it makes a new one.
   *
   * @param onCluster is given the cluster that this consumer works with, before anything is sent
   */
  consumer(groupId: string, onCluster: (cluster: Cluster) => void): Consumer {
    const { sessionTimeoutMs } = this.options;
    return this.kafka().consumer({
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.min(1000, Math.floor(sessionTimeoutMs / 6)),
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytesPerPartition: 256 * 1024,
      maxBytes: 4 * 1024 * 1024,
      metadataMaxAge: CONSUMER_METADATA_MAX_AGE_MS,
      allowAutoTopicCreation: false,
      retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
      partitionAssigners: [
        (config) => {
          onCluster(config.cluster);
          return PartitionAssigners.roundRobin(config);
        },
      ],
    });
  }

  /** A cluster without a client, for the few requests that no client of kafkajs offers. */
  cluster(): Cluster {
    let found: Cluster | undefined;
    this.consumer('none', (cluster) => (found = cluster));
    return found as unknown as Cluster;
  }

  /** Breaks every connection, and lets no new one come up. */
  close(): void {
    this.closed = true;
    for (const socket of this.sockets) socket.destroy(new Error('The store is closed'));
  }

  private kafka(): Kafka {
    const { brokers, clientId, tls: ssl, sasl } = this.options;
    return new Kafka({
      clientId,
      brokers: [...brokers],
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      authenticationTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      enforceRequestTimeout: true,
      retry: RETRY,
      logLevel: kafkajs.logLevel.WARN,
      logCreator: this.logCreator,
      socketFactory: (connection) => this.connect(connection),
      ...(ssl ? { ssl } : {}),
      ...(sasl ? { sasl: sasl as SASLOptions } : {}),
    });
  }

  /** As kafkajs does it; each socket is remembered so that closing need not wait for a broker that hangs. */
  private connect({ host, port, ssl, onConnect }: ISocketFactoryArgs): net.Socket {
    if (this.closed) throw new Error('The store is closed');
    const servername = net.isIP(host) === 0 ? { servername: host } : {};
    const socket = ssl
      ? tls.connect({ host, port, ...servername, ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    // The first listener: kafkajs logs the message, and passes on nothing else.
    socket.once('error', sayInWords);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    // Requests that are written while it connects wait with a listener each.
    socket.setMaxListeners(0);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }
}

function sayInWords(error: NodeJS.ErrnoException): void {
  error.message = describeTlsFault(error.code) ?? error.message;
}
