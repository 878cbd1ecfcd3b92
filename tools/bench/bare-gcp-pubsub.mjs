// @google-cloud/pubsub alone, on the emulator.
import { PubSub } from '@google-cloud/pubsub';

/** @param deliver (headers, body) => Promise. @returns publish (headers, body) => Promise */
export async function open([apiEndpoint], _manner, deliver) {
  const name = `bench-bare-${process.pid}`;
  const pubsub = new PubSub({ projectId: 'bench', apiEndpoint, emulatorMode: true });
  const [topic] = await pubsub.createTopic(name);
  const [subscription] = await topic.createSubscription(name, { flowControl: { maxMessages: 1000 } });
  topic.setPublishOptions({ batching: { maxMessages: 100, maxMilliseconds: 1 } });
  subscription.on('message', async (message) => {
    await deliver(Object.entries(message.attributes).flat(), message.data);
    message.ack();
  });
  return (headers, data) => topic.publishMessage({ data, attributes: attributesOf(headers) });
}

function attributesOf(list) {
  const attributes = {};
  for (let i = 0; i < list.length; i += 2) attributes[list[i]] = list[i + 1];
  return attributes;
}
