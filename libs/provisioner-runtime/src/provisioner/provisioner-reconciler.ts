import {
  CLUSTER_CHANNEL_PROVISIONER,
  CLUSTER_CHANNEL_PROVISIONER_REASONS,
  clusterChannelProvisionerConditions,
  findCondition,
  keepTransitionTimes,
  SERVICE,
  type Clock,
  type ClusterChannelProvisioner,
  type ClusterChannelProvisionerStatus,
  type Condition,
  type Durability,
  type Health,
  type InformationalCondition,
  type Logger,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  isDeleting,
  updateStatusIfChanged,
  type KubeClient,
  type ObjectCache,
  type ReconcileResult,
  type Reconciler,
} from '@millrace/kube';
import { ensureObject } from '../ensure-object.js';
import type { EventRecorders } from '../event-recorders.js';
import { messageOf } from '../message-of.js';
import type { ProvisionerOptions } from '../provisioner-options.js';
import { servingProvider, type ServingProvider } from '../stores/serving-provider.js';
import type { StoreHost, StoreState } from '../stores/store-host.js';
import { dispatcherHostname, dispatcherService } from './dispatcher-service.js';

export interface ProvisionerReconcilerContext {
  readonly client: KubeClient;
  readonly provisioners: ObjectCache<ClusterChannelProvisioner>;
  readonly stores: StoreHost;
  readonly events: EventRecorders;
  readonly options: ProvisionerOptions;
  /** URL of the intake for a ClusterChannelProvisioner; undefined until its port is open. */
  readonly intakeUrl: (provisioner: string) => string | undefined;
  /** Told when a store is well that was not: its Channels need not wait until they try again by themselves. */
  readonly onRecovered: (provisioner: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

type ReadyNews =
  { readonly ready: true } | { readonly ready: false; readonly reason: string; readonly message: string };

/** How often a store is asked whether it is well; one that is not is asked more often, so that its recovery is told soon. */
const HEALTH_PERIOD_MS = 30_000;
const RECOVERY_PERIOD_MS = 5_000;

/** Writes what a ClusterChannelProvisioner of this process is, and keeps its dispatcher Service. */
export class ProvisionerReconciler implements Reconciler {
  readonly name = 'cluster-channel-provisioners';

  constructor(private readonly context: ProvisionerReconcilerContext) {}

  async reconcile(key: ObjectKey): Promise<ReconcileResult | undefined> {
    const provisioner = this.context.provisioners.get(key);
    if (!provisioner || isDeleting(provisioner)) return undefined;
    const serving = servingProvider(provisioner, this.context.options.providers);
    const state = this.context.stores.state(key.name);
    // Not ours, or not tried yet.
    if (!serving || !state) return undefined;
    let failure: unknown;
    let news = newsOfStore(state, await state.store?.driver.health());
    try {
      await this.ensureDispatcherService(provisioner);
    } catch (error) {
      failure = error;
      news = {
        ready: false,
        reason: CLUSTER_CHANNEL_PROVISIONER_REASONS.ServiceFailed,
        message: `The dispatcher Service could not be ensured: ${messageOf(error)}`,
      };
    }
    await this.writeStatus(provisioner, serving, state, news, await durabilityOf(state));
    if (failure !== undefined) throw failure as Error;
    return { requeueAfterMs: news.ready ? HEALTH_PERIOD_MS : RECOVERY_PERIOD_MS };
  }

  private async ensureDispatcherService(provisioner: ClusterChannelProvisioner): Promise<void> {
    const { client, options, logger } = this.context;
    const service = dispatcherService(provisioner, options);
    const outcome = await ensureObject(client, SERVICE, service, provisioner);
    if (outcome !== 'foreign') return;
    logger.warn('A Service of that name belongs to somebody else', {
      service: service.metadata.name,
      namespace: service.metadata.namespace,
    });
  }

  private async writeStatus(
    provisioner: ClusterChannelProvisioner,
    { provider, parameters }: ServingProvider,
    state: StoreState,
    news: ReadyNews,
    durability: Durability | undefined,
  ): Promise<void> {
    const before = findCondition(provisioner.status?.conditions, 'Ready');
    const conditions = this.conditions(provisioner, news, durability);
    const capabilities = state.store?.capabilities ?? provider.capabilitiesFor?.(parameters) ?? provider.capabilities;
    const { name = '', generation } = provisioner.metadata;
    const drafted = {
      observedGeneration: generation,
      conditions,
      address: { hostname: dispatcherHostname(name, this.context.options), url: this.context.intakeUrl(name) },
      capabilities: { ...capabilities },
    };
    // Members that are undefined are not sent.
    const status = { ...provisioner.status, ...drafted } as ClusterChannelProvisionerStatus;
    await updateStatusIfChanged(this.context.client, CLUSTER_CHANNEL_PROVISIONER, provisioner, status);
    this.recordTransition(provisioner, provider.driver, before, news);
    if (news.ready && before?.status !== 'True') this.context.onRecovered(name);
  }

  private conditions(
    provisioner: ClusterChannelProvisioner,
    news: ReadyNews,
    durability: Durability | undefined,
  ): Condition[] {
    const set = clusterChannelProvisionerConditions;
    const now = new Date(this.context.clock.now());
    const known = provisioner.status?.conditions;
    const initial = set.initialize(known, now);
    const marked = news.ready
      ? set.markTrue(initial, 'Ready', now)
      : set.markFalse(initial, 'Ready', news.reason, news.message, now);
    // What is not known now stays as it was told.
    const told = durability ? set.setInfo(marked, durabilityCondition(durability), now) : marked;
    return keepTransitionTimes(known, told);
  }

  private recordTransition(
    provisioner: ClusterChannelProvisioner,
    driver: string,
    before: Condition | undefined,
    news: ReadyNews,
  ): void {
    const recorder = this.context.events.of(driver);
    if (news.ready) {
      if (before?.status === 'True') return;
      recorder.record(provisioner, 'Normal', 'CcpReconciled', 'The ClusterChannelProvisioner is ready');
    } else if (before?.status !== 'False' || before.reason !== news.reason) {
      recorder.record(provisioner, 'Warning', news.reason, news.message);
    }
  }
}

async function durabilityOf({ store }: StoreState): Promise<Durability | undefined> {
  return store?.driver.durability().catch(() => undefined);
}

function durabilityCondition({ level, message }: Durability): InformationalCondition {
  const survivesMachine = level === 'Replicated' || level === 'Synced';
  return { type: 'Durability', status: survivesMachine ? 'True' : 'False', reason: level, message };
}

function newsOfStore(state: StoreState, health: Health | undefined): ReadyNews {
  if (state.fault) return { ready: false, ...state.fault };
  if (health?.status === 'up') return { ready: true };
  const message = health?.message ?? 'The store is not open';
  return { ready: false, reason: CLUSTER_CHANNEL_PROVISIONER_REASONS.StoreUnavailable, message };
}
