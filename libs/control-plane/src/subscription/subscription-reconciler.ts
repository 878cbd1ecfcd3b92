import {
  SUBSCRIPTION,
  SUBSCRIPTION_REASONS,
  type Channel,
  type Clock,
  type ObjectKey,
  type Subscription,
} from '@millrace/eventing-api';
import {
  KubeApiError,
  isDeleting,
  updateStatusIfChanged,
  withFinalizer,
  withoutFinalizer,
  writeFinalizers,
  keyOf,
  type EventRecorder,
  type KubeClient,
  type ObjectCache,
  type ReconcileResult,
  type Reconciler,
} from '@millrace/kube';
import type { AddressResolver } from '../addressable/address-resolver.js';
import type { ReferenceTracker } from '../addressable/reference-tracker.js';
import { channelObstacle } from './channel-obstacle.js';
import type { ChannelSubscribersSync } from './channel-subscribers-sync.js';
import { reportTransitions } from './report-transitions.js';
import { resolveChannel } from './resolve-channel.js';
import { resolveDeadLetterSink } from './resolve-dead-letter-sink.js';
import { resolveReply } from './resolve-reply.js';
import { resolveSubscriber } from './resolve-subscriber.js';
import { statusOf, type SubscriptionVerdict } from './subscription-verdict.js';

/** Name of the controller, of its finalizer and of the component in its Events (Knative Eventing v0.4). */
export const SUBSCRIPTION_CONTROLLER = 'subscription-controller';

export interface SubscriptionReconcilerParts {
  readonly client: KubeClient;
  readonly subscriptions: ObjectCache<Subscription>;
  readonly channels: ObjectCache<Channel>;
  readonly addresses: AddressResolver;
  readonly tracker: ReferenceTracker;
  readonly sync: ChannelSubscribersSync;
  readonly recorder: Pick<EventRecorder, 'record'>;
  readonly clock: Clock;
}

/** Resolves a Subscription, enters it into its Channel and says whether the Channel serves it. */
export class SubscriptionReconciler implements Reconciler {
  readonly name = SUBSCRIPTION_CONTROLLER;

  constructor(private readonly parts: SubscriptionReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<ReconcileResult | undefined> {
    const cached = this.parts.subscriptions.get(key);
    if (cached === undefined) {
      this.parts.tracker.forget(key);
      return undefined;
    }
    if (isDeleting(cached)) {
      await this.finalize(key, cached);
      return undefined;
    }
    const desired = withFinalizer(cached, SUBSCRIPTION_CONTROLLER);
    // Before the first side effect: from here on a delete waits until the Channel has let go.
    const isHeld = desired === cached;
    const subscription = isHeld ? cached : await writeFinalizers(this.parts.client, SUBSCRIPTION, desired);
    return subscription && this.bringAbout(key, subscription);
  }

  private async bringAbout(key: ObjectKey, subscription: Subscription): Promise<ReconcileResult | undefined> {
    const { addresses, channels, client, tracker, sync } = this.parts;
    const note = tracker.begin(key);
    const channel = await resolveChannel(subscription, channels, client, note);
    const lookup = { namespace: subscription.metadata.namespace ?? '', addresses, note };
    const subscriber = await resolveSubscriber(subscription, lookup);
    const reply = await resolveReply(subscription, lookup);
    const deadLetterSink = await resolveDeadLetterSink(subscription, channel.channel, lookup);

    const resolvedObstacle = subscriber.obstacle ?? reply.obstacle ?? deadLetterSink.obstacle;
    const uris =
      resolvedObstacle === undefined
        ? { subscriberURI: subscriber.url, replyURI: reply.url, deadLetterSinkURI: deadLetterSink.url }
        : undefined;
    sync.remember(subscription.metadata.uid ?? '', uris ?? null);
    const verdict = { ...uris, resolvedObstacle, channelObstacle: channel.obstacle };
    if (channel.channel !== undefined) await this.enter(subscription, channel.channel, verdict);
    else await this.report(subscription, verdict);

    const rechecks = [subscriber, reply, deadLetterSink].flatMap(({ recheckAfterMs }) => recheckAfterMs ?? []);
    return rechecks.length === 0 ? undefined : { requeueAfterMs: Math.min(...rechecks) };
  }

  /** Brings the Channel's list up to date, then says what came of it. */
  private async enter(subscription: Subscription, channel: Channel, verdict: SubscriptionVerdict): Promise<void> {
    try {
      const { sync } = this.parts;
      const synced = sync.isEntered(channel, subscription) ? channel : await sync.sync(keyOf(channel));
      const obstacle = verdict.channelObstacle ?? channelObstacle(synced ?? channel, subscription);
      await this.report(subscription, { ...verdict, channelObstacle: obstacle });
    } catch (error) {
      // A lost race or a lost connection passes; only what the API refused is worth telling the user.
      if (!(error instanceof KubeApiError) || error.reason === 'Conflict') throw error;
      const message = `The Channel's list of subscribers could not be written: ${error.message}`;
      const reason = SUBSCRIPTION_REASONS.PhysicalChannelSyncFailed;
      await this.report(subscription, { ...verdict, channelObstacle: { status: 'False', reason, message } });
      throw error;
    }
  }

  private async report(subscription: Subscription, verdict: SubscriptionVerdict): Promise<void> {
    const { client, clock, recorder } = this.parts;
    const status = statusOf(subscription, verdict, new Date(clock.now()));
    await updateStatusIfChanged(client, SUBSCRIPTION, subscription, status);
    reportTransitions(recorder, subscription, status.conditions);
  }

  /** The entry leaves the Channel first; a Channel that is gone holds nothing up. */
  private async finalize(key: ObjectKey, subscription: Subscription): Promise<void> {
    const { client, sync, tracker } = this.parts;
    const released = withoutFinalizer(subscription, SUBSCRIPTION_CONTROLLER);
    if (released === subscription) return;
    const channel = subscription.spec?.channel?.name;
    if (channel !== undefined) await sync.sync({ namespace: key.namespace, name: channel }, { live: true });
    await writeFinalizers(client, SUBSCRIPTION, released);
    sync.forget(subscription.metadata.uid ?? '');
    tracker.forget(key);
  }
}
