import type { ChannelSubscriberStatus } from '@millrace/eventing-api';
import { messageOf } from '../../message-of.js';
import { isDeliverable, readSubscribers, type SubscriberEntry } from '../../subscribers/subscriber-entry.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

/** Fixes where each new Subscription starts, and tells which entries of the list are served. */
export class EnsureSubscribers implements ChannelPhase {
  readonly name = 'ensure-subscribers';

  async run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const entries = readSubscribers(draft.channel, draft.openStore.capabilities);
    const statuses: ChannelSubscriberStatus[] = [];
    let failure: unknown;
    for (const entry of entries) {
      const fault = await this.ensure(draft, entry).catch((error: unknown) => {
        failure = error;
        return messageOf(error);
      });
      if (entry.uid !== undefined) statuses.push(statusOf(entry, entry.uid, fault));
    }
    draft.subscribers = statuses;
    if (failure !== undefined) throw failure as Error;
    return 'continue';
  }

  /** Returns what is wrong with the entry; throws when the store fails. */
  private async ensure(draft: ChannelDraft, entry: SubscriberEntry): Promise<string | undefined> {
    if (!isDeliverable(entry)) return 'fault' in entry.target ? entry.target.fault : undefined;
    if (draft.hosted.isEnsured(entry)) return undefined;
    await draft.openStore.driver.ensureSubscription(draft.hosted.driverSubscription(entry), 'now');
    draft.hosted.markEnsured(entry);
    return undefined;
  }
}

function statusOf(entry: SubscriberEntry, uid: string, fault: string | undefined): ChannelSubscriberStatus {
  return {
    uid,
    ...(entry.generation === undefined ? {} : { observedGeneration: entry.generation }),
    ready: fault === undefined ? 'True' : 'False',
    ...(fault === undefined ? {} : { message: fault }),
  };
}
