import {
  CHANNEL,
  findCondition,
  type Channel,
  type Clock,
  type ClusterChannelProvisioner,
  type Logger,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  hasReason,
  isDeleting,
  updateStatusIfChanged,
  type KubeClient,
  type ObjectCache,
  type ReconcileResult,
  type Reconciler,
} from '@millrace/kube';
import type { EventRecorders } from '../event-recorders.js';
import type { ProvisionerOptions } from '../provisioner-options.js';
import type { OpenStore } from '../stores/open-store.js';
import type { StoreHost } from '../stores/store-host.js';
import { ChannelDeletion } from './channel-deletion.js';
import { ChannelDraft } from './channel-draft.js';
import type { ChannelPhase } from './channel-phase.types.js';
import { AddFinalizer } from './phases/add-finalizer.js';
import { EnsureSubscribers } from './phases/ensure-subscribers.js';
import { ExposeService } from './phases/expose-service.js';
import { ForgetSubscribers } from './phases/forget-subscribers.js';
import { OpenIntake } from './phases/open-intake.js';
import { ProvisionStore } from './phases/provision-store.js';
import { PublishAddress } from './phases/publish-address.js';
import { TellDeadLetterFaults } from './phases/tell-dead-letter-faults.js';

export interface ChannelReconcilerContext {
  readonly client: KubeClient;
  readonly channels: ObjectCache<Channel>;
  readonly provisioners: ObjectCache<ClusterChannelProvisioner>;
  readonly stores: StoreHost;
  readonly events: EventRecorders;
  readonly options: ProvisionerOptions;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Brings the Channels of this process's provisioners to their desired state and writes what they are. */
export class ChannelReconciler implements Reconciler {
  readonly name = 'channels';
  private readonly phases: readonly ChannelPhase[];
  private readonly deletion: ChannelDeletion;

  constructor(private readonly context: ChannelReconcilerContext) {
    const { client, provisioners, options, clock, logger } = context;
    const { deletionGracePeriodMs, resumeGracePeriodMs } = options;
    this.phases = [
      new AddFinalizer(client),
      new TellDeadLetterFaults(),
      new ProvisionStore(),
      new EnsureSubscribers(),
      new OpenIntake(),
      new ExposeService(client, provisioners, options),
      new PublishAddress(options),
      new ForgetSubscribers({ client, logger, resumeGracePeriodMs }),
    ];
    this.deletion = new ChannelDeletion(client, clock, deletionGracePeriodMs);
  }

  async reconcile(key: ObjectKey, signal: AbortSignal): Promise<ReconcileResult | undefined> {
    const channel = this.context.channels.get(key);
    const store = channel && this.storeOf(channel);
    // Gone, not ours, or not open yet: opening a store enqueues its Channels.
    if (!store) return undefined;
    if (isDeleting(channel)) return this.deletion.run(channel, store);
    const hosted = store.host(channel);
    if (!hosted) return undefined;
    const draft = new ChannelDraft(channel, store, hosted, new Date(this.context.clock.now()));
    const failure = await this.runPhases(draft, signal);
    await this.write(channel, draft);
    if (failure !== undefined) throw failure as Error;
    return { requeueAfterMs: draft.requeueAfterMs };
  }

  /** A reference with a namespace names no cluster-scoped object (Knative Eventing v0.4 ignored such Channels too). */
  private storeOf(channel: Channel): OpenStore | undefined {
    const { name, namespace } = channel.spec?.provisioner ?? {};
    return name === undefined || (namespace ?? '') !== '' ? undefined : this.context.stores.open(name);
  }

  private async runPhases(draft: ChannelDraft, signal: AbortSignal): Promise<unknown> {
    try {
      for (const phase of this.phases) {
        signal.throwIfAborted();
        if ((await phase.run(draft)) === 'end') break;
      }
      return undefined;
    } catch (error) {
      return error;
    }
  }

  private async write(before: Channel, draft: ChannelDraft): Promise<void> {
    const recorder = this.context.events.of(draft.openStore.origin.provider.driver);
    try {
      await updateStatusIfChanged(this.context.client, CHANNEL, draft.channel, draft.status());
    } catch (error) {
      if (!hasReason(error, 'Conflict') && !hasReason(error, 'NotFound')) {
        recorder.record(before, 'Warning', 'ChannelUpdateStatusFailed', String(error));
      }
      throw error;
    }
    const was = findCondition(before.status?.conditions, 'Ready');
    const is = draft.ready();
    if (is?.status === was?.status && is?.reason === was?.reason) return;
    if (is?.status === 'True') recorder.record(before, 'Normal', 'ChannelReconciled', 'The Channel is ready');
    else if (draft.warning) recorder.record(before, 'Warning', draft.warning.reason, draft.warning.message);
  }
}
