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

  /** Differences that were left alone. */
  reportDrift(drift: readonly string[]): void {
    this.reportWarnings('StoreAsAsked', CHANNEL_REASONS.StoreDrift, drift);
  }

  /** Why dead letters cannot be stored, by name of the Subscription. */
  reportDeadLetterFaults(faults: ReadonlyMap<string, string>): void {
    const warnings = [...faults].sort().map(([name, why]) => `Those of Subscription ${name} cannot be stored: ${why}`);
    this.reportWarnings('DeadLettersStored', CHANNEL_REASONS.DeadLettersNotStored, warnings);
  }

  lookAgainAfter(delayMs: number): void {
    this.requeueAfterMs = Math.min(this.requeueAfterMs ?? delayMs, delayMs);
  }

  /** Told without a say in `Ready`; a Channel that never had any says nothing. */
  private reportWarnings(type: string, reason: string, warnings: readonly string[]): void {
    if (warnings.length === 0 && !findCondition(this.conditions, type)) return;
    this.conditions = channelConditions.setInfo(
      this.conditions,
      warnings.length === 0
        ? { type, status: 'True' }
        : { type, status: 'False', severity: 'Warning', reason, message: warnings.join('; ') },
      this.now,
    );
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
