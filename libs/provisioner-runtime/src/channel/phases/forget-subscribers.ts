import { SUBSCRIPTION, type ChannelSubscriberStatus, type Logger } from '@millrace/eventing-api';
import type { KubeClient } from '@millrace/kube';
import { readSubscribers, type PositionOwner } from '../../subscribers/subscriber-entry.js';
import type { ChannelDraft } from '../channel-draft.js';
import type { ChannelPhase, PhaseOutcome } from '../channel-phase.types.js';

const LOOK_AGAIN_MS = 30_000;

export interface ForgetSubscribersContext {
  readonly client: KubeClient;
  readonly logger: Logger;
  /** How long a position is kept for a Subscription that is made anew under its name. */
  readonly resumeGracePeriodMs: number;
}

/**
 * Looks after what the store keeps for Subscriptions that are not listed (docs/adr/0027). An entry that vanished from the list is only paused, since a mistaken
 * `apply` can wipe the list. Once the API itself says that the Subscription is no more, what is kept for it waits for one that is made anew under its name; when
 * the time for that is over, the store forgets it. The status is what remembers.
 */
export class ForgetSubscribers implements ChannelPhase {
  readonly name = 'forget-subscribers';

  constructor(private readonly context: ForgetSubscribersContext) {}

  async run(draft: ChannelDraft): Promise<PhaseOutcome> {
    const listed = readSubscribers(draft.channel, draft.openStore.capabilities);
    const names = new Set(listed.map(({ name }) => name));
    const told = draft.subscribers ?? [];
    // Of listed ones, and of those that a listed one has yet to take over from.
    const statuses = told.filter(({ name }) => name !== undefined && names.has(name));
    let failure: unknown;
    for (const owner of this.leftPositions(draft, names)) {
      try {
        const status = await this.careFor(draft, owner);
        if (status) statuses.push(status);
      } catch (error) {
        failure = error;
        statuses.push(...told.filter(({ uid }) => uid === owner.uid));
      }
    }
    draft.subscribers = statuses;
    if (failure !== undefined) throw failure as Error;
    return 'continue';
  }

  /** Positions that no listed Subscription has. What lived in a process before this one is gone with it. */
  private leftPositions({ hosted, openStore, channel, subscribers }: ChannelDraft, listed: ReadonlySet<string>) {
    const owners = new Map<string, PositionOwner>();
    if (openStore.capabilities.durable) {
      const { namespace = '' } = channel.metadata;
      for (const { name, uid } of subscribers ?? []) {
        if (name !== undefined) owners.set(name, { name, uid, subscription: { namespace, name } });
      }
    }
    for (const owner of hosted.keptPositions()) owners.set(owner.name, owner);
    return [...owners.values()].filter(({ name }) => !listed.has(name));
  }

  /** Returns what the status says of it from now on. */
  private async careFor(draft: ChannelDraft, owner: PositionOwner): Promise<ChannelSubscriberStatus | undefined> {
    const nowMs = draft.now.getTime();
    const until = draft.subscribers?.find(({ uid }) => uid === owner.uid)?.resumableUntil;
    // Also where somebody has written there what is no time.
    const isOver = until !== undefined && !(Date.parse(until) > nowMs);
    if ((until === undefined || isOver) && (await this.exists(draft, owner))) {
      draft.lookAgainAfter(LOOK_AGAIN_MS);
      return statusOf(owner, 'Unknown', 'The Channel does not list the Subscription; its events wait until it does');
    }
    if (isOver || !this.mayComeBack(draft, owner)) {
      await this.forget(draft, owner);
      return undefined;
    }
    if (until === undefined || !draft.hosted.hasDeparted(owner)) {
      await this.end(draft, owner);
      await draft.openStore.driver.detachSubscription?.(draft.hosted.driverSubscription(owner));
    }
    const resumableUntil = until ?? timeText(nowMs + this.context.resumeGracePeriodMs);
    draft.lookAgainAfter(Date.parse(resumableUntil) - nowMs);
    const message = 'The Subscription was deleted; one that is made under its name goes on where it stood';
    const status = statusOf(owner, 'False', message);
    return status && { ...status, resumableUntil };
  }

  /** Under which name, if nobody named the Subscription? And where producers wait for every Subscription, nothing outlives their requests. */
  private mayComeBack({ openStore }: ChannelDraft, { uid, subscription }: PositionOwner): boolean {
    const isNamed = uid !== undefined && subscription !== undefined;
    return isNamed && this.context.resumeGracePeriodMs > 0 && !openStore.capabilities.acknowledgesDelivery;
  }

  private async end({ hosted }: ChannelDraft, owner: PositionOwner): Promise<void> {
    hosted.depart(owner);
    await hosted.consumptions.endSoon(owner.name);
  }

  private async forget(draft: ChannelDraft, owner: PositionOwner): Promise<void> {
    const { hosted, openStore } = draft;
    await this.end(draft, owner);
    hosted.consumptions.forget(owner.name);
    const subscription = hosted.driverSubscription(owner);
    const backlog = await openStore.driver.backlog(subscription).catch(() => undefined);
    await openStore.driver.deleteSubscription(subscription);
    await hosted.deadLetters.delete(owner.name);
    hosted.forget(owner);
    if (!backlog?.pending) return;
    const { namespace, name: channel } = hosted.driverChannel;
    const fields = { namespace, channel, subscription: owner.name, dropped: backlog.pending };
    this.context.logger.warn('A deleted Subscription took undelivered events with it', fields);
  }

  /** A Subscription made anew under the name resumes what its namesake left, so it counts. */
  private async exists({ channel }: ChannelDraft, { subscription }: PositionOwner): Promise<boolean> {
    if (!subscription) return false;
    const found = await this.context.client.get(SUBSCRIPTION, subscription);
    return found?.spec?.channel?.name === channel.metadata.name;
  }
}

/** Entries that were written by hand without a UID have no status. */
function statusOf(
  { uid, name }: PositionOwner,
  ready: ChannelSubscriberStatus['ready'],
  message: string,
): ChannelSubscriberStatus | undefined {
  return uid === undefined ? undefined : { uid, name, ready, message };
}

/** RFC 3339 in whole seconds, as Kubernetes writes times; never earlier than asked for. */
function timeText(timeMs: number): string {
  return new Date(Math.ceil(timeMs / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}
