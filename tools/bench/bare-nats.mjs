// nats alone. Publishes resolve with the acknowledgement of JetStream; a message is acknowledged when it has been delivered.
import { AckPolicy, connect, headers as newHeaders } from 'nats';

/** @param deliver (headers, body) => Promise. @returns publish (headers, body) => Promise */
export async function open(servers, _manner, deliver) {
  const name = `bench-bare-${process.pid}`;
  const connection = await connect({ servers });
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name, subjects: [`${name}.>`] });
  await manager.consumers.add(name, { durable_name: 'bench', ack_policy: AckPolicy.Explicit, max_ack_pending: 1000 });
  const stream = connection.jetstream();
  const consumer = await stream.consumers.get(name, 'bench');
  const messages = await consumer.consume({ max_messages: 500 });
  const hand = async (message) => {
    await deliver(fromHeaders(message.headers), message.data);
    message.ack();
  };
  void (async () => {
    for await (const message of messages) void hand(message);
  })();
  return (headers, body) => stream.publish(`${name}.0`, body, { headers: toHeaders(headers) });
}

function toHeaders(list) {
  const headers = newHeaders();
  for (let i = 0; i < list.length; i += 2) headers.set(list[i], list[i + 1]);
  return headers;
}

function fromHeaders(headers) {
  const list = [];
  for (const [name, [value]] of headers) list.push(name, value);
  return list;
}
