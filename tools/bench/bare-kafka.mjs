// kafkajs alone: node bare-kafka.mjs BROKERS single|batched. `batched` sends what has come together while the last send was under way, the best that kafkajs can do.
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { BODY, ClosedLoop, serve } from './closed-loop.mjs';

const [brokers, manner] = process.argv.slice(2);
const PARTITIONS = 4;
const topic = `bench-bare-${process.pid}`;
const kafka = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
await producer.connect();

let waiting = [];
let sending = false;

const message = (id) => ({
  key: null,
  value: BODY,
  headers: {
    ...{ ce_specversion: '1.0', ce_id: id, ce_source: '/bench', ce_type: 'bench.event' },
    ...{ ce_time: '2026-01-01T00:00:00Z', 'content-type': 'application/json' },
  },
});

async function flush() {
  sending = true;
  while (waiting.length > 0) {
    const messages = waiting;
    waiting = [];
    await producer.send({ topic, acks: -1, messages });
  }
  sending = false;
}

const loop = new ClosedLoop((id) => {
  if (manner === 'single') {
    void producer.send({ topic, acks: -1, messages: [message(id)] });
    return;
  }
  waiting.push(message(id));
  if (!sending) setImmediate(() => sending || flush());
});

const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 500 });
await consumer.connect();
await consumer.subscribe({ topic, fromBeginning: true });
const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
await consumer.run({
  partitionsConsumedConcurrently: PARTITIONS,
  autoCommitInterval: 500,
  eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
    for (const { headers, offset } of batch.messages) {
      loop.receive(headers.ce_id.toString());
      resolveOffset(offset);
    }
    await commitOffsetsIfNecessary();
  },
});
await joined;
serve(loop);
