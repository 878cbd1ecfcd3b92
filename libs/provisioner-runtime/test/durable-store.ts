import type { ChannelDriver, ChannelDriverProvider, PublishResult } from '@millrace/eventing-api';
import { inMemoryDriverProvider } from './in-memory-driver.js';

/** The in-memory driver as one whose store outlives the process: opened again, it has what it had. */
export class DurableStore {
  /** What was asked of the store, as `deleteSubscription a`. */
  readonly calls: string[] = [];
  /** Where each Subscription was made to begin, as `a now`. */
  readonly starts: string[] = [];
  /** While set, dead letters are refused as unavailable, in these words. */
  lettersRefusedBecause: string | undefined;
  /** Somebody has deleted what keeps the events: they are refused until the Channel is ensured again, which counts once a refusal was told. */
  missing: 'no' | 'unnoticed' | 'noticed' = 'no';
  /** Whether a Channel that is ensured next was not there. */
  wasGone = false;
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
      ensureChannel: async (channel) => {
        if (this.missing === 'noticed') this.missing = 'no';
        const isNew = this.wasGone;
        this.wasGone = false;
        return { ...(await store.ensureChannel(channel)), isNew };
      },
      ensureSubscription: (subscription, start) => {
        this.calls.push(`ensureSubscription ${subscription.name}`);
        this.starts.push(`${subscription.name} ${typeof start === 'string' ? start : start.time.toISOString()}`);
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
      publish: async (channel, event, signal): Promise<PublishResult> => {
        if (this.missing !== 'no') {
          this.missing = 'noticed';
          return { outcome: 'refused', code: 'not-found', message: 'nothing of that name' };
        }
        return channel.purpose === 'dead-letters' && this.lettersRefusedBecause !== undefined
          ? { outcome: 'refused', code: 'unavailable', message: this.lettersRefusedBecause }
          : store.publish(channel, event, signal);
      },
      close: () => Promise.resolve(),
    };
    return Object.assign(Object.create(store) as ChannelDriver, wrapped);
  }
}
