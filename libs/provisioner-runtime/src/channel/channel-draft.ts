import {
  CHANNEL_REASONS,
  channelConditions,
  findCondition,
  keepTransitionTimes,
  type Channel,
  type ChannelStatus,
  type Condition,
} from '@millrace/eventing-api';
import type { HostedChannel } from '../stores/hosted-channel.js';
import type { OpenStore } from '../stores/open-store.js';

/** What goes wrong, told as a Kubernetes Event when it changes `Ready`. */
export interface ChannelWarning {
  readonly reason: string;
  readonly message: string;
}

/** One reconcile of a Channel under way: what the phases read, and the status that they draft. */
export class ChannelDraft {
  /** Fields of the status beside conditions and observedGeneration. */
  address: ChannelStatus['address'];
  subscribers: ChannelStatus['subscribers'];
  store: ChannelStatus['store'];
  warning: ChannelWarning | undefined;
  /** The earliest time at which some phase wants to look again. */
  requeueAfterMs: number | undefined;
  private conditions: Condition[];

  constructor(
    /** As it is in the API now; replaced when a phase has written it. */
    public channel: Channel,
    readonly openStore: OpenStore,
    readonly hosted: HostedChannel,
    readonly now: Date,
  ) {
    const { status } = channel;
    this.conditions = channelConditions.initialize(status?.conditions, now);
    this.address = status?.address;
    this.subscribers = status?.subscribers;
    this.store = status?.store;
  }

  markTrue(type: 'Provisioned' | 'Addressable'): void {
    this.conditions = channelConditions.markTrue(this.conditions, type, this.now);
  }

  markFalse(type: 'Provisioned' | 'Addressable', reason: string, message: string, eventReason = reason): void {
    this.conditions = channelConditions.markFalse(this.conditions, type, reason, message, this.now);
    this.warning = { reason: eventReason, message };
  }

  /** The store does not answer: nobody knows whether it still has the Channel. */
  markProvisionedUnknown(reason: string, message: string): void {
    this.conditions = channelConditions.markUnknown(this.conditions, 'Provisioned', reason, message, this.now);
    this.warning = { reason, message };
  }

  /** Differences that were left alone, told without a say in `Ready`; a Channel that never had any says nothing. */
  reportDrift(drift: readonly string[]): void {
    if (drift.length === 0 && !findCondition(this.conditions, 'StoreAsAsked')) return;
    this.conditions = channelConditions.setInfo(
      this.conditions,
      drift.length === 0
        ? { type: 'StoreAsAsked', status: 'True' }
        : {
            type: 'StoreAsAsked',
            status: 'False',
            severity: 'Warning',
            reason: CHANNEL_REASONS.StoreDrift,
            message: drift.join('; '),
          },
      this.now,
    );
  }

  lookAgainAfter(delayMs: number): void {
    this.requeueAfterMs = Math.min(this.requeueAfterMs ?? delayMs, delayMs);
  }

  /** The status to write. */
  status(): ChannelStatus {
    const { generation } = this.channel.metadata;
    const drafted = {
      observedGeneration: generation,
      conditions: keepTransitionTimes(this.channel.status?.conditions, this.conditions),
      address: this.address,
      subscribers: this.subscribers,
      store: this.store,
    };
    // Members that are undefined are not sent.
    return { ...this.channel.status, ...drafted } as ChannelStatus;
  }

  ready(): Condition | undefined {
    return findCondition(this.conditions, 'Ready');
  }
}
