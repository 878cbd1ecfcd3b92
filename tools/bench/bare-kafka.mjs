// kafkajs alone. Manner `single` sends each event by itself; `batched` what has come together while the last send was under way, the best that kafkajs can do.
import { Kafka, logLevel, Partitioners } from 'kafkajs';

const PARTITIONS = 4;

/** @param deliver (headers, body) => Promise. @returns publish (headers, body) => Promise */
export async function open(brokers, manner, deliver) {
  const topic = `bench-bare-${process.pid}`;
  const kafka = new Kafka({ clientId: 'bench', brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: PARTITIONS }], waitForLeaders: true });
  await admin.disconnect();
  const createPartitioner = Partitioners.DefaultPartitioner;
  const producer = kafka.producer({ createPartitioner, allowAutoTopicCreation: false });
  await producer.connect();
  await consume(kafka, topic, deliver);
  const send = (messages) => producer.send({ topic, acks: -1, messages });
  const publish = manner === 'batched' ? batched(send) : (message) => send([message]);
  return (headers, body) => publish({ key: null, value: body, headers: toHeaders(headers) });
}

/** One batch under way, the next one growing. */
function batched(send) {
  let waiting = [];
  let isSending = false;
  const flush = async () => {
    isSending = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await send(batch.map(({ message }) => message));
      for (const { resolve } of batch) resolve();
    }
    isSending = false;
  };
  return (message) =>
    new Promise((resolve) => {
      waiting.push({ message, resolve });
      if (!isSending) setImmediate(() => isSending || flush());
    });
}

/** The offset is committed when everything before it has been delivered. */
async function consume(kafka, topic, deliver) {
  const consumer = kafka.consumer({ groupId: topic, maxWaitTimeInMs: 500 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    partitionsConsumedConcurrently: PARTITIONS,
    autoCommitInterval: 500,
    eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
      await Promise.all(batch.messages.map(({ headers, value }) => deliver(fromHeaders(headers), value)));
      resolveOffset(batch.lastOffset());
      await commitOffsetsIfNecessary();
    },
  });
  await joined;
}

function toHeaders(list) {
  const headers = {};
  for (let i = 0; i < list.length; i += 2) headers[list[i].replace('ce-', 'ce_')] = list[i + 1];
  return headers;
}

function fromHeaders(headers) {
  return Object.keys(headers).flatMap((name) => [name.replace('ce_', 'ce-'), headers[name].toString()]);
}
