import type { ChannelSubscriberStatus, StartPosition } from '@millrace/eventing-api';
import { messageOf } from '../../message-of.js';
import {
  isDeliverable,
  readSubscribers,
  type DeliverableEntry,
  type SubscriberEntry,
} from '../../subscribers/subscriber-entry.js';
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
    draft.subscribers = [...statuses, ...unlisted(draft, entries)];
    if (failure !== undefined) throw failure as Error;
    return 'continue';
  }

  /** Returns what is wrong with the entry; throws when the store fails. */
  private async ensure(draft: ChannelDraft, entry: SubscriberEntry): Promise<string | undefined> {
    if (!isDeliverable(entry)) return 'fault' in entry.target ? entry.target.fault : undefined;
    const { hosted, openStore } = draft;
    if (hosted.isEnsured(entry)) return undefined;
    const subscription = hosted.driverSubscription(entry);
    if (entry.start !== 'resume' && standsAtFormerPosition(draft, entry)) {
      await hosted.consumptions.endOne(entry.name, AbortSignal.abort());
      hosted.consumptions.forget(entry.name);
      await openStore.driver.deleteSubscription(subscription);
    }
    await openStore.driver.ensureSubscription(subscription, startOf(draft, entry));
    hosted.markEnsured(entry);
    return undefined;
  }
}

/** A store that was lost has been made anew, and takes events before its Subscriptions are made: nobody has seen any of them. */
function startOf({ hosted, openStore }: ChannelDraft, { start }: DeliverableEntry): StartPosition {
  if (hosted.storeMissing && openStore.capabilities.replay.includes('earliest')) return 'earliest';
  return start === 'resume' ? 'now' : start;
}

/**
 * Whether the store keeps what another Subscription of this name has left. The status remembers whose each position is, so that one is never mistaken for
 * its namesake's after a restart.
 */
function standsAtFormerPosition({ hosted, channel }: ChannelDraft, { name, uid }: SubscriberEntry): boolean {
  const told = channel.status?.subscribers ?? [];
  if (told.some((status) => status.uid === uid && status.ready === 'True')) return false;
  return [...told, ...hosted.keptPositions()].some((owner) => owner.name === name && owner.uid !== uid);
}

/** What the status remembers of Subscriptions that are not listed, but for those whose position another one has taken over. */
function unlisted(
  { hosted, subscribers }: ChannelDraft,
  entries: readonly SubscriberEntry[],
): ChannelSubscriberStatus[] {
  const uids = new Set(entries.map(({ uid }) => uid));
  const taken = new Set(entries.filter((entry) => hosted.isEnsured(entry)).map(({ name }) => name));
  return (subscribers ?? [])
    .filter(({ uid, name }) => !uids.has(uid) && name !== undefined && !taken.has(name))
    .map((status) => (status.ready === 'True' ? { ...status, ready: 'Unknown' } : status));
}

function statusOf(entry: SubscriberEntry, uid: string, fault: string | undefined): ChannelSubscriberStatus {
  return {
    uid,
    name: entry.name,
    ...(entry.generation === undefined ? {} : { observedGeneration: entry.generation }),
    ready: fault === undefined ? 'True' : 'False',
    ...(fault === undefined ? {} : { message: fault }),
  };
}
