import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { ChannelLocator, type DeliveryEngine, type LocalIntakes } from '@millrace/delivery';
import {
  CHANNEL,
  CHANNEL_LABEL,
  CLUSTER_CHANNEL_PROVISIONER,
  SERVICE,
  type Channel,
  type Clock,
  type ClusterChannelProvisioner,
  type Health,
  type Logger,
  type ObjectKey,
  type ProcessPart,
  type Service,
} from '@millrace/eventing-api';
import {
  ControllerLoop,
  controllerKeys,
  keyOf,
  ListWatchCache,
  LiveLookup,
  type KubeClient,
  type LeaderElection,
  type ObjectChange,
} from '@millrace/kube';
import { ChannelReconciler } from './channel/channel-reconciler.js';
import { driverLeadership } from './driver-leadership.js';
import { EventRecorders } from './event-recorders.js';
import { ProvisionerIntake } from './intake/provisioner-intake.js';
import { ProvisionerReconciler } from './provisioner/provisioner-reconciler.js';
import type { ProvisionerOptions } from './provisioner-options.js';
import type { HostedChannel } from './stores/hosted-channel.js';
import type { OpenStore } from './stores/open-store.js';
import { StoreHost } from './stores/store-host.js';

/** What a runtime gets from its process. */
export interface ProvisionerHost {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly engine: DeliveryEngine;
  /** Where the runtime enters its intake for an ingress in the same process. */
  readonly localIntakes?: LocalIntakes | undefined;
  /** Port of the intake server; undefined until it is open. */
  readonly intakePort: () => number | undefined;
}

/**
 * Hosts channel drivers: opens a store for each ClusterChannelProvisioner that they serve, reconciles its Channels, takes in and delivers.
 * Every replica takes in and delivers; the holder of the Lease alone reconciles.
 */
export class ProvisionerRuntime implements ProcessPart {
  readonly name = 'provisioner';
  readonly intake: ProvisionerIntake;
  readonly locator: ChannelLocator;
  readonly stores: StoreHost;
  private readonly channels: ListWatchCache<Channel>;
  private readonly provisioners: ListWatchCache<ClusterChannelProvisioner>;
  private readonly channelServices: ListWatchCache<Service>;
  private readonly events: EventRecorders;
  private readonly storeLoop: ControllerLoop;
  private readonly provisionerLoop: ControllerLoop;
  private readonly channelLoop: ControllerLoop;
  private readonly leadership: LeaderElection;
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly options: ProvisionerOptions,
    private readonly host: ProvisionerHost,
  ) {
    const { client, clock, logger } = host;
    this.channels = new ListWatchCache({ client, kind: CHANNEL, clock, logger });
    this.provisioners = new ListWatchCache({ client, kind: CLUSTER_CHANNEL_PROVISIONER, clock, logger });
    this.channelServices = new ListWatchCache({ client, kind: SERVICE, clock, logger, labelSelector: CHANNEL_LABEL });
    this.events = new EventRecorders(client, clock, logger);
    this.locator = new ChannelLocator(options.clusterDomain);
    this.stores = this.createStoreHost();
    this.intake = new ProvisionerIntake({
      channels: this.channels,
      liveChannels: new LiveLookup({ client, kind: CHANNEL, clock }),
      stores: this.stores,
      onStoreMissing: (hosted) => this.onStoreMissing(hosted),
      logger,
    });
    this.storeLoop = new ControllerLoop({ reconciler: this.stores, clock, logger, concurrency: 4 });
    this.provisionerLoop = this.createProvisionerLoop();
    this.channelLoop = this.createChannelLoop();
    this.leadership = this.createLeadership();
  }

  /** Whether the caches have synced: before that nobody can tell which Channels there are. */
  get synced(): boolean {
    return this.channels.synced && this.provisioners.synced;
  }

  start(): Promise<void> {
    this.storeLoop.watch(this.provisioners, ({ object }) => [keyOf(object)]);
    this.unsubscribe = this.channels.subscribe((change) => this.follow(change));
    this.channels.start();
    this.provisioners.start();
    this.channelServices.start();
    this.storeLoop.start();
    this.leadership.start();
    return Promise.resolve();
  }

  stopIntake(): Promise<void> {
    this.intake.stop();
    for (const store of this.stores.openStores()) this.host.localIntakes?.delete(store.origin.provisioner);
    return Promise.resolve();
  }

  async drain(deadline: AbortSignal): Promise<void> {
    await Promise.all([this.leadership.stop(), this.storeLoop.stop(), this.stores.drain(deadline)]);
  }

  async close(): Promise<void> {
    this.unsubscribe?.();
    await this.stores.close();
    await Promise.all([this.channels.stop(), this.provisioners.stop(), this.channelServices.stop()]);
    await this.events.flush();
  }

  async health(): Promise<Health> {
    if (!this.synced) return { status: 'down', message: 'The Channels are not known yet' };
    const asked = [...this.stores.openStores()].map(async ({ driver, origin }) => ({
      origin,
      ...(await driver.health()),
    }));
    const stores = await Promise.all(asked);
    const down = stores.filter((store) => store.status === 'down');
    // One store that is away must not take the Channels of the others off the network: those of its own are answered 503.
    if (down.length < stores.length || down.length === 0) return { status: 'up' };
    const message = down.map(({ origin, message: fault }) => `Store of ${origin.provisioner}: ${fault}`).join('; ');
    return { status: 'down', message };
  }

  private createStoreHost(): StoreHost {
    const { client, clock, logger, engine } = this.host;
    return new StoreHost({
      client,
      provisioners: this.provisioners,
      options: this.options,
      consumption: {
        ...{ engine, clock, logger },
        onLost: (channel) => this.onLost(channel),
        onDeadLetterFault: ({ namespace, name }) => this.channelLoop.enqueue({ namespace, name }),
      },
      onChange: (provisioner) => this.onStoreChange(provisioner),
    });
  }

  private createProvisionerLoop(): ControllerLoop {
    const { client, clock, logger } = this.host;
    const { provisioners, stores, events, options } = this;
    const intakeUrl = (provisioner: string) => this.intakeUrl(provisioner);
    const reconciler = new ProvisionerReconciler({
      client,
      provisioners,
      stores,
      events,
      options,
      intakeUrl,
      onRecovered: (provisioner) =>
        this.channelsOf(provisioner).forEach((channel) => this.channelLoop.enqueue(keyOf(channel))),
      clock,
      logger,
    });
    const loop = new ControllerLoop({ reconciler, clock, logger });
    loop.watch(provisioners, ({ object }) => [keyOf(object)]);
    return loop;
  }

  private createChannelLoop(): ControllerLoop {
    const { client, clock, logger } = this.host;
    const { channels, provisioners, stores, events, options } = this;
    const reconciler = new ChannelReconciler({
      ...{ client, channels, provisioners, stores, events, options, clock, logger },
    });
    const loop = new ControllerLoop({ reconciler, clock, logger, concurrency: 4 });
    loop.watch(channels, ({ object }) => [keyOf(object)]);
    loop.watch(this.channelServices, ({ object }) => controllerKeys(object, CHANNEL));
    return loop;
  }

  private createLeadership(): LeaderElection {
    const { client, clock, logger } = this.host;
    const { providers, leaderElection, systemNamespace } = this.options;
    return driverLeadership({
      ...{ client, clock, logger, providers, leaderElection },
      namespace: systemNamespace,
      identity: `${hostname()}_${randomUUID()}`,
      onStarted: () => {
        this.provisionerLoop.start();
        this.channelLoop.start();
      },
      onStopped: async () => {
        await Promise.all([this.provisionerLoop.stop(), this.channelLoop.stop()]);
      },
    });
  }

  private onStoreChange(provisioner: string): void {
    const store = this.stores.open(provisioner);
    if (store) this.host.localIntakes?.set(provisioner, this.intake);
    else this.host.localIntakes?.delete(provisioner);
    this.provisionerLoop.enqueue({ name: provisioner });
    for (const channel of this.channelsOf(provisioner)) {
      this.channelLoop.enqueue(keyOf(channel));
      if (store?.capabilities.durable) store.host(channel)?.follow(channel);
    }
  }

  private channelsOf(provisioner: string): Channel[] {
    return [...this.channels.list()].filter(({ spec }) => spec?.provisioner?.name === provisioner);
  }

  /** The leader ensures the Subscription again; where that is not needed, or somebody else's, it is consumed at once. */
  private onLost(key: ObjectKey): void {
    const channel = this.channels.get(key);
    if (!channel) return;
    this.stores
      .open(channel.spec?.provisioner?.name ?? '')
      ?.channel(channel.metadata.uid ?? '')
      ?.follow(channel);
    this.channelLoop.enqueue(key);
  }

  /** Somebody has deleted what keeps the events of a Channel: the leader makes it again. */
  private onStoreMissing(hosted: HostedChannel): void {
    if (hosted.storeMissing) return;
    hosted.loseStore();
    const { namespace, name } = hosted.driverChannel;
    this.channelLoop.enqueue({ namespace, name });
  }

  /** Every replica, leader or not: addresses and consumptions follow the Channels. */
  private follow({ type, object, previous }: ObjectChange<Channel>): void {
    const { namespace = '', name = '', uid = '' } = object.metadata;
    const before = (previous ?? object).status?.address?.hostname;
    this.locator.rename({ namespace, name }, before, type === 'deleted' ? undefined : object.status?.address?.hostname);
    const store = this.stores.open(object.spec?.provisioner?.name ?? '');
    if (!store) return;
    if (type === 'deleted') this.forget(store, uid);
    else (store.capabilities.durable ? store.host(object) : store.channel(uid))?.follow(object);
  }

  private forget(store: OpenStore, uid: string): void {
    store.forget(uid).catch((error: unknown) => {
      this.host.logger.error('What ran for a Channel that is gone could not be ended', { uid, error });
    });
  }

  private intakeUrl(provisioner: string): string | undefined {
    const { advertisedUrl, host } = this.options;
    if (advertisedUrl !== undefined) return advertisedUrl.replaceAll('{provisioner}', provisioner);
    const port = this.host.intakePort();
    if (port === undefined) return undefined;
    const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
    return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  }
}
