import type { Backlog, DriverChannel, DriverSubscription, StartPosition } from '@millrace/eventing-api';
import { AckPolicy, DeliverPolicy, nanos, type ConsumerConfig, type ConsumerInfo } from 'nats';
import { durableName, OWNERS_STREAM, ownersSubject, partitionSubject, streamName } from './names.js';
import type { StoreConnection } from './store-connection.js';
import { JETSTREAM, jetStreamCode, storeError } from './store-error.js';

const UNLIMITED = -1;

/** How far a durable has come. */
export interface DurableState {
  /** Messages that somebody has and has not settled. */
  readonly inDelivery: number;
  /** Messages that it has ever handed to anybody. */
  readonly lastDelivery: number;
  /** Place in the stream of the last one of them. */
  readonly lastSequence: number;
}

type Start = Pick<ConsumerConfig, 'deliver_policy' | 'opt_start_seq' | 'opt_start_time'>;

/** Makes, finds and removes what keeps the position of a Subscription: one durable pull consumer in each partition. */
export class SubscriptionDurables {
  constructor(
    private readonly connection: StoreConnection,
    private readonly ackWaitMs: number,
  ) {}

  /** Those that are there keep their position. */
  async ensure(subscription: DriverSubscription, partitions: number, start: StartPosition): Promise<void> {
    const found = await this.infos(subscription, partitions);
    const first = await this.startOf(found, start, subscription.channel);
    await Promise.all(
      found.map((info, partition) =>
        info ? this.adapt(info) : this.make(this.config(subscription, partition, first), subscription.channel),
      ),
    );
  }

  async delete(subscription: DriverSubscription, partitions: number): Promise<void> {
    const stream = streamName(subscription.channel);
    const { consumers, streams } = this.connection.manager;
    const deletions = Array.from({ length: partitions }, async (_, partition) => {
      const durable = durableName(subscription, partition);
      try {
        await consumers.delete(stream, durable);
      } catch (error) {
        if (!isGone(error)) throw storeError(`Consumer ${durable} of stream ${stream} could not be deleted`, error);
      }
    });
    await Promise.all(deletions);
    await streams.purge(OWNERS_STREAM, { filter: ownersSubject(subscription) }).catch((error: unknown) => {
      if (!isGone(error)) throw storeError(`${OWNERS_STREAM} could not be cleared`, error);
    });
  }

  /** undefined = the durable is gone. */
  async state(subscription: DriverSubscription, partition: number): Promise<DurableState | undefined> {
    const info = await this.info(subscription, partition);
    return (
      info && {
        inDelivery: info.num_ack_pending,
        lastDelivery: info.delivered.consumer_seq,
        lastSequence: info.delivered.stream_seq,
      }
    );
  }

  /** undefined where one of its durables is missing. */
  async backlog(subscription: DriverSubscription, partitions: number): Promise<Backlog | undefined> {
    let [pending, inFlight] = [0, 0];
    for (const info of await this.infos(subscription, partitions)) {
      if (!info) return undefined;
      pending += info.num_pending + info.num_ack_pending;
      inFlight += info.num_ack_pending;
    }
    return { pending, inFlight };
  }

  private infos(subscription: DriverSubscription, partitions: number): Promise<(ConsumerInfo | undefined)[]> {
    return Promise.all(Array.from({ length: partitions }, (_, partition) => this.info(subscription, partition)));
  }

  private async info(subscription: DriverSubscription, partition: number): Promise<ConsumerInfo | undefined> {
    const [stream, durable] = [streamName(subscription.channel), durableName(subscription, partition)];
    try {
      return await this.connection.manager.consumers.info(stream, durable);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw storeError(`Consumer ${durable} of stream ${stream} could not be read`, error);
    }
  }

  /**
   * Where durables that are missing begin. Beside others of their Subscription that are there, where those began: making them was broken off, or somebody has deleted
   * some, and nobody knows how far they had come. Events too many are better than one too few.
   */
  private async startOf(
    found: readonly (ConsumerInfo | undefined)[],
    start: StartPosition,
    channel: DriverChannel,
  ): Promise<Start> {
    const begun = found.find((info) => info !== undefined);
    if (begun) return sameStart(begun.config);
    // Not `new`: the servers of a cluster work that out when one of them begins to lead the durable, and again when that one dies before the others have heard of it.
    if (start === 'now') return startAfter(await this.lastSequence(channel));
    if (start === 'earliest') return { deliver_policy: DeliverPolicy.All };
    return { deliver_policy: DeliverPolicy.StartTime, opt_start_time: start.time.toISOString() };
  }

  private async lastSequence(channel: DriverChannel): Promise<number> {
    const stream = streamName(channel);
    try {
      return (await this.connection.manager.streams.info(stream)).state.last_seq;
    } catch (error) {
      throw storeError(`Stream ${stream} could not be read`, error);
    }
  }

  private config({ channel, name }: DriverSubscription, partition: number, start: Start): Partial<ConsumerConfig> {
    return {
      durable_name: durableName({ name }, partition),
      description: JSON.stringify({ subscription: `${channel.namespace}/${name}`, partition }),
      filter_subject: partitionSubject(channel, partition),
      ack_policy: AckPolicy.Explicit,
      ack_wait: nanos(this.ackWaitMs),
      // Retries are the delivery engine's: the server must neither give up nor hold back.
      max_deliver: UNLIMITED,
      max_ack_pending: UNLIMITED,
      ...start,
    };
  }

  private async make(config: Partial<ConsumerConfig>, channel: DriverChannel): Promise<void> {
    const stream = streamName(channel);
    try {
      await this.connection.manager.consumers.add(stream, config);
    } catch (error) {
      // Another process was faster.
      if (isThere(error)) return;
      throw storeError(`Consumer ${config.durable_name ?? ''} of stream ${stream} could not be made`, error);
    }
  }

  /** The one setting that may change; the position is kept. */
  private async adapt({ stream_name: stream, name, config }: ConsumerInfo): Promise<void> {
    const ackWait = nanos(this.ackWaitMs);
    if (config.ack_wait === ackWait) return;
    try {
      await this.connection.manager.consumers.update(stream, name, { ...config, ack_wait: ackWait });
    } catch (error) {
      throw storeError(`Consumer ${name} of stream ${stream} could not be changed`, error);
    }
  }
}

function sameStart({ deliver_policy, opt_start_seq, opt_start_time }: ConsumerConfig): Start {
  return {
    deliver_policy,
    ...(opt_start_seq !== undefined && { opt_start_seq }),
    ...(opt_start_time !== undefined && { opt_start_time }),
  };
}

function startAfter(sequence: number): Start {
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence + 1 };
}

/** The consumer, or its stream. */
function isGone(error: unknown): boolean {
  const code = jetStreamCode(error);
  return code === JETSTREAM.consumerNotFound || code === JETSTREAM.streamNotFound;
}

function isThere(error: unknown): boolean {
  const code = jetStreamCode(error);
  return (
    code === JETSTREAM.consumerExists || code === JETSTREAM.consumerNameExists || code === JETSTREAM.consumerConflict
  );
}
