import { KeptAnswer, within, type Backlog, type Clock, type DriverSubscription } from '@millrace/eventing-api';
import type { ConsumerGroups, Positions, TopicOffsets } from './consumer-groups.js';
import type { KafkaConsumption } from './consumption/kafka-consumption.js';
import { BROKER_SILENT } from './kafka-errors.js';
import { topicName } from './names.js';

const LIMIT_MS = 1900;
/** The Subscriptions of a Channel are asked about together: the topic is looked at once for all. */
const KEPT_MS = 1000;
const MAX_KEPT = 1000;

/** What waits for Subscriptions: what the topic holds behind the position of the group. */
export class BacklogReader {
  private readonly offsets = new Map<string, KeptAnswer<TopicOffsets>>();

  constructor(
    private readonly groups: ConsumerGroups,
    private readonly clock: Clock,
  ) {}

  /** @param consumption where it is consumed in this process: that knows more than has been committed */
  async read(
    subscription: DriverSubscription,
    consumption: KafkaConsumption | undefined,
  ): Promise<Backlog | undefined> {
    const reading = Promise.all([this.groups.positions(subscription), this.offsetsOf(subscription)]);
    const [{ positions: committed }, { low, high }] = await within(this.clock, LIMIT_MS, reading, BROKER_SILENT);
    if (committed.size === 0) return undefined;
    const here: Positions = consumption?.positions ?? new Map<number, number>();
    let pending = 0;
    for (const [partition, end] of high) {
      const begin = low.get(partition) ?? 0;
      const position = Math.max(begin, committed.get(partition) ?? 0, here.get(partition) ?? 0);
      pending += Math.max(0, end - position);
    }
    const oldest = consumption?.oldestMs;
    return {
      pending,
      inFlight: consumption?.inFlight ?? 0,
      ...(oldest === undefined ? {} : { oldestMs: Math.max(0, this.clock.now() - oldest) }),
    };
  }

  private offsetsOf({ channel }: DriverSubscription): Promise<TopicOffsets> {
    const topic = topicName(channel);
    let kept = this.offsets.get(topic);
    if (!kept) {
      if (this.offsets.size >= MAX_KEPT) this.offsets.clear();
      kept = new KeptAnswer(this.clock, KEPT_MS, () => this.groups.offsets(channel));
      this.offsets.set(topic, kept);
    }
    return kept.get();
  }
}
