import type { HostedChannel } from '../stores/hosted-channel.js';
import type { StoreHost } from '../stores/store-host.js';

/** How many dead letters of one Subscription wait. */
export interface WaitingDeadLetters {
  readonly namespace: string;
  readonly channel: string;
  readonly subscription: string;
  readonly waiting: number;
}

/** The Channels of every store that is open here. */
export function* hostedChannels(stores: StoreHost): Iterable<HostedChannel> {
  for (const store of stores.openStores()) yield* store.hostedChannels();
}

/** Of every Subscription that has or had dead letters, as the stores tell it now; one that does not answer tells nothing this time. */
export async function deadLettersWaiting(stores: StoreHost): Promise<WaitingDeadLetters[]> {
  const told = [...hostedChannels(stores)].flatMap((hosted) =>
    [...hosted.subscriptionNames()].map((subscription) => lettersOf(hosted, subscription)),
  );
  return (await Promise.all(told)).filter((letters) => letters !== undefined);
}

async function lettersOf(hosted: HostedChannel, subscription: string): Promise<WaitingDeadLetters | undefined> {
  const { namespace, name: channel } = hosted.driverChannel;
  const waiting = await hosted.deadLetters.waiting(subscription).catch(() => undefined);
  return waiting === undefined ? undefined : { namespace, channel, subscription, waiting };
}
