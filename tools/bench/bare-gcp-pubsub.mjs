// @google-cloud/pubsub alone: node bare-gcp-pubsub.mjs EMULATOR
import { PubSub } from '@google-cloud/pubsub';
import { BODY, ClosedLoop, serve } from './closed-loop.mjs';

const [apiEndpoint] = process.argv.slice(2);
const name = `bench-bare-${process.pid}`;
const pubsub = new PubSub({ projectId: 'bench', apiEndpoint, emulatorMode: true });
const [topic] = await pubsub.createTopic(name);
const [subscription] = await topic.createSubscription(name, { flowControl: { maxMessages: 1000 } });
topic.setPublishOptions({ batching: { maxMessages: 100, maxMilliseconds: 1 } });

const loop = new ClosedLoop((id) => {
  const attributes = {
    ...{ 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/bench', 'ce-type': 'bench.event' },
    ...{ 'ce-time': '2026-01-01T00:00:00Z', 'content-type': 'application/json' },
  };
  void topic.publishMessage({ data: BODY, attributes });
});

subscription.on('message', (message) => {
  message.ack();
  loop.receive(message.attributes['ce-id']);
});
serve(loop);
