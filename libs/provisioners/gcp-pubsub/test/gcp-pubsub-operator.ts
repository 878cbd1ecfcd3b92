import { PubSub } from '@google-cloud/pubsub';
import { PassThroughClient } from 'google-auth-library';

/** Names of the things of a Channel, as its `status.store` tells them. */
type StoreNames = Readonly<Record<string, string>>;

/**
 * What somebody with the bare client can do to the things of a Channel on a stand-in for the service.
 *
 * @param stand-in its project and `host:port`
 */
export function openGcpPubSubOperator({ project, emulator }: { readonly project: string; readonly emulator: string }) {
  const authClient = new PassThroughClient();
  const client = new PubSub({ projectId: project, apiEndpoint: emulator, emulatorMode: true, authClient });
  return {
    leaderOf: () => Promise.resolve(undefined),
    async deleteStore({ topic = '' }: StoreNames): Promise<void> {
      await client.topic(topic).delete();
    },
    async deletePositions({ topic = '' }: StoreNames): Promise<void> {
      const [subscriptions] = await client.topic(topic).getSubscriptions();
      for (const subscription of subscriptions) await subscription.delete();
    },
    close: () => client.close(),
  };
}
