import type { ChannelDriver, ChannelDriverProvider, PublishResult } from '@millrace/eventing-api';
import { inMemoryDriverProvider } from './in-memory-driver.js';

/** The in-memory driver as one whose store outlives the process: opened again, it has what it had. */
export class DurableStore {
  /** What was asked of the store, as `deleteSubscription a`. */
  readonly calls: string[] = [];
  /** While set, dead letters are refused as unavailable, in these words. */
  lettersRefusedBecause: string | undefined;
  readonly provider: ChannelDriverProvider;
  private driver: ChannelDriver | undefined;

  constructor() {
    const capabilities = {
      ...inMemoryDriverProvider.capabilities,
      durable: true,
      replay: ['earliest'],
    } as const;
    this.provider = {
      ...inMemoryDriverProvider,
      capabilities,
      capabilitiesFor: () => capabilities,
      open: async (...args) => (this.driver ??= this.wrap(await inMemoryDriverProvider.open(...args))),
    };
  }

  private wrap(store: ChannelDriver): ChannelDriver {
    const wrapped: Partial<ChannelDriver> = {
      ensureSubscription: (subscription, start) => {
        this.calls.push(`ensureSubscription ${subscription.name}`);
        return store.ensureSubscription(subscription, start);
      },
      deleteSubscription: (subscription) => {
        this.calls.push(`deleteSubscription ${subscription.name}`);
        return store.deleteSubscription(subscription);
      },
      deleteChannel: (channel) => {
        this.calls.push(`deleteChannel ${channel.purpose} ${channel.name}`);
        return store.deleteChannel(channel);
      },
      publish: (channel, event, signal): Promise<PublishResult> =>
        channel.purpose === 'dead-letters' && this.lettersRefusedBecause !== undefined
          ? Promise.resolve({ outcome: 'refused', code: 'unavailable', message: this.lettersRefusedBecause })
          : store.publish(channel, event, signal),
      close: () => Promise.resolve(),
    };
    return Object.assign(Object.create(store) as ChannelDriver, wrapped);
  }
}
