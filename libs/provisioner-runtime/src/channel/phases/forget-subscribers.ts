import { SUBSCRIPTION } from '@millrace/eventing-api';
import type { KubeClient } from '@millrace/kube';
import { readSubscribers, type SubscriberEntry } from '../../subscribers/subscriber-entry.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

const LOOK_AGAIN_MS = 30_000;

/**
 * Removes from the store what was kept for Subscriptions that are gone. An entry that vanished from the list is only paused, since a mistaken `apply`
 * can wipe the list; what is kept for it goes once the API itself says that the Subscription is no more.
 */
export class ForgetSubscribers implements ChannelPhase {
  readonly name = 'forget-subscribers';

  constructor(private readonly client: KubeClient) {}

  async run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const listed = new Set(readSubscribers(draft.channel, draft.openStore.capabilities).map(({ name }) => name));
    for (const entry of draft.hosted.keptEntries()) {
      if (listed.has(entry.name)) continue;
      if (await this.exists(draft, entry)) {
        draft.lookAgainAfter(LOOK_AGAIN_MS);
        continue;
      }
      draft.hosted.beginToForget(entry);
      await draft.hosted.consumptions.endOne(entry.name);
      await draft.openStore.driver.deleteSubscription(draft.hosted.driverSubscription(entry));
      draft.hosted.forget(entry);
    }
    return 'continue';
  }

  /** A Subscription made anew under the name resumes what its namesake left, so it counts. */
  private async exists(draft: ChannelDraft, entry: SubscriberEntry): Promise<boolean> {
    if (!entry.subscription) return false;
    const subscription = await this.client.get(SUBSCRIPTION, entry.subscription);
    return subscription?.spec?.channel?.name === draft.channel.metadata.name;
  }
}
