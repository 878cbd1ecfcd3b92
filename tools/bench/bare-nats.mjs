// nats alone: node bare-nats.mjs SERVERS
import { AckPolicy, connect, headers as newHeaders } from 'nats';
import { BODY, ClosedLoop, serve } from './closed-loop.mjs';

const [servers] = process.argv.slice(2);
const name = `bench-bare-${process.pid}`;
const connection = await connect({ servers: servers.split(',') });
const manager = await connection.jetstreamManager();
await manager.streams.add({ name, subjects: [`${name}.>`] });
await manager.consumers.add(name, { durable_name: 'bench', ack_policy: AckPolicy.Explicit, max_ack_pending: 1000 });
const stream = connection.jetstream();

const loop = new ClosedLoop((id) => {
  const headers = newHeaders();
  headers.set('ce-specversion', '1.0');
  headers.set('ce-id', id);
  headers.set('ce-source', '/bench');
  headers.set('ce-type', 'bench.event');
  headers.set('ce-time', '2026-01-01T00:00:00Z');
  headers.set('ce-datacontenttype', 'application/json');
  void stream.publish(`${name}.0`, BODY, { headers });
});

const consumer = await stream.consumers.get(name, 'bench');
const messages = await consumer.consume({ max_messages: 500 });
void (async () => {
  for await (const message of messages) {
    message.ack();
    loop.receive(message.headers.get('ce-id'));
  }
})();
serve(loop);
