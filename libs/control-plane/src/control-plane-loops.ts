import {
  CHANNEL,
  CHANNEL_REASONS,
  CONTAINER_SOURCE,
  CRON_JOB_SOURCE,
  KNATIVE_SERVICE,
  KUBERNETES_EVENT_SOURCE,
  SERVICE,
  findCondition,
  type Channel,
  type ObjectKey,
  type ResourceKind,
} from '@millrace/eventing-api';
import { ControllerLoop, EventRecorder, controllerKeys, keyOf, type Reconciler } from '@millrace/kube';
import { AddressResolver } from './addressable/address-resolver.js';
import { ReferenceTracker, referenceTo } from './addressable/reference-tracker.js';
import { SERVICE_NAME_LABEL } from './addressable/resolve-service-url.js';
import { ChannelCareReconciler } from './channel/channel-care-reconciler.js';
import { DefaultProvisionerReconciler } from './cluster-channel-provisioner/default-provisioner-reconciler.js';
import { DriverLeases } from './cluster-channel-provisioner/driver-leases.js';
import { NotServedReconciler } from './cluster-channel-provisioner/not-served-reconciler.js';
import type { CacheParts, ControlPlaneCaches } from './control-plane-caches.js';
import type { ControlPlaneOptions } from './control-plane-options.js';
import {
  CONTAINER_SOURCE_CONTROLLER,
  ContainerSourceReconciler,
} from './sources/container-source/container-source-reconciler.js';
import {
  CRON_JOB_SOURCE_CONTROLLER,
  CronJobSourceReconciler,
} from './sources/cron-job-source/cron-job-source-reconciler.js';
import {
  KUBERNETES_EVENT_SOURCE_CONTROLLER,
  KubernetesEventSourceReconciler,
} from './sources/kubernetes-event-source/kubernetes-event-source-reconciler.js';
import { ChannelSubscribersSync } from './subscription/channel-subscribers-sync.js';
import { SUBSCRIPTION_CONTROLLER, SubscriptionReconciler } from './subscription/subscription-reconciler.js';

/** Component in the Events of the controller where 2019 had no controller of its own. */
const CONTROL_PLANE = 'millrace-controller';

/** The reconcilers of the control plane and what wakes each of them. */
export class ControlPlaneLoops {
  private readonly loops: ControllerLoop[] = [];
  private readonly recorders: EventRecorder[] = [];
  private readonly endings: (() => void)[] = [];
  private readonly addresses: AddressResolver;
  private readonly sync: ChannelSubscribersSync;
  private readonly driverLeases: DriverLeases;

  constructor(
    private readonly parts: CacheParts,
    private readonly caches: ControlPlaneCaches,
    options: ControlPlaneOptions,
  ) {
    const { client } = parts;
    const { channels, services, endpointSlices } = caches;
    this.addresses = new AddressResolver({ client, channels, services, endpointSlices }, options);
    this.sync = new ChannelSubscribersSync(client, channels, caches.subscriptions);
    this.driverLeases = new DriverLeases({ ...parts, leases: caches.leases, namespace: options.systemNamespace });
    this.endings.push(this.driverLeases.follow());
    this.addSubscriptions();
    this.addChannelCare();
    this.addDefaultProvisioner();
    this.addNotServed();
    this.addKubernetesEventSources(options.receiveAdapterImages.kubernetes);
    this.addCronJobSources(options.receiveAdapterImages.cron);
    this.addContainerSources();
  }

  /** Begins a term of leadership. */
  start(): void {
    this.sync.clear();
    for (const loop of this.loops) loop.start();
  }

  /** Ends it: every reconcile under way has come to its end, and what there was to tell is told. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await Promise.all(this.recorders.map((recorder) => recorder.flush()));
  }

  close(): void {
    for (const end of this.endings.splice(0)) end();
  }

  private addSubscriptions(): void {
    const { subscriptions, channels } = this.caches;
    const { addresses, sync } = this;
    const tracker = new ReferenceTracker();
    const recorder = this.recorder(SUBSCRIPTION_CONTROLLER);
    const loop = this.loop(
      new SubscriptionReconciler({ ...this.parts, subscriptions, channels, addresses, tracker, sync, recorder }),
      4,
    );
    loop.watch(subscriptions, ({ object }) => [keyOf(object)]);
    this.watchReferences(loop, tracker);
  }

  private addChannelCare(): void {
    const { channels, provisioners, subscriptions } = this.caches;
    const { sync, driverLeases } = this;
    const recorder = this.recorder(CONTROL_PLANE);
    const loop = this.loop(
      new ChannelCareReconciler({ ...this.parts, channels, provisioners, sync, driverLeases, recorder }),
      4,
    );
    loop.watch(channels, ({ object }) => [keyOf(object)]);
    loop.watch(subscriptions, ({ object: { metadata, spec } }) =>
      spec?.channel?.name === undefined ? [] : [{ namespace: metadata.namespace, name: spec.channel.name }],
    );
    loop.watch(provisioners, ({ object }) =>
      channels
        .list()
        .filter((channel) => dependsOn(channel, object.metadata.name))
        .map(keyOf),
    );
  }

  private addDefaultProvisioner(): void {
    const { provisioners } = this.caches;
    const loop = this.loop(new DefaultProvisionerReconciler(provisioners, this.recorder(CONTROL_PLANE)));
    // One question about all of them together.
    loop.watch(provisioners, () => [{ name: 'default' }]);
  }

  private addNotServed(): void {
    const { provisioners, leases } = this.caches;
    const { driverLeases } = this;
    const recorder = this.recorder(CONTROL_PLANE);
    const loop = this.loop(new NotServedReconciler({ ...this.parts, provisioners, driverLeases, recorder }));
    loop.watch(provisioners, ({ object }) => [keyOf(object)]);
    loop.watch(leases, ({ type, object, previous }) => {
      // A renewal is no news: when the Lease would have run out, somebody looks.
      const isNews = type !== 'modified' || object.spec?.holderIdentity !== previous?.spec?.holderIdentity;
      return isNews ? provisioners.list().map(keyOf) : [];
    });
  }

  private addKubernetesEventSources(image: string): void {
    const { kubernetesEventSources: sources, containerSources } = this.caches;
    const recorder = this.recorder(KUBERNETES_EVENT_SOURCE_CONTROLLER);
    const loop = this.loop(new KubernetesEventSourceReconciler({ ...this.parts, sources, recorder, image }));
    loop.watch(sources, ({ object }) => [keyOf(object)]);
    loop.watch(containerSources, ({ object }) => controllerKeys(object, KUBERNETES_EVENT_SOURCE));
  }

  private addCronJobSources(image: string): void {
    const { cronJobSources: sources, containerSources } = this.caches;
    const recorder = this.recorder(CRON_JOB_SOURCE_CONTROLLER);
    const loop = this.loop(new CronJobSourceReconciler({ ...this.parts, sources, recorder, image }));
    loop.watch(sources, ({ object }) => [keyOf(object)]);
    loop.watch(containerSources, ({ object }) => controllerKeys(object, CRON_JOB_SOURCE));
  }

  private addContainerSources(): void {
    const { containerSources: sources, deployments } = this.caches;
    const tracker = new ReferenceTracker();
    const recorder = this.recorder(CONTAINER_SOURCE_CONTROLLER);
    const loop = this.loop(
      new ContainerSourceReconciler({ ...this.parts, sources, addresses: this.addresses, tracker, recorder }),
    );
    loop.watch(sources, ({ object }) => [keyOf(object)]);
    loop.watch(deployments, ({ object }) => controllerKeys(object, CONTAINER_SOURCE));
    this.watchReferences(loop, tracker);
  }

  /** Wakes whoever looked at a Channel, a Service (or where it answers) or a Knative Service when that changes. */
  private watchReferences(loop: ControllerLoop, tracker: ReferenceTracker): void {
    const { channels, services, endpointSlices, knativeServices } = this.caches;
    const ownersOf = (kind: ResourceKind, key: ObjectKey) => tracker.ownersOf(referenceTo(kind, key));
    loop.watch(channels, ({ object }) => ownersOf(CHANNEL, keyOf(object)));
    loop.watch(services, ({ object }) => ownersOf(SERVICE, keyOf(object)));
    if (endpointSlices !== undefined) {
      loop.watch(endpointSlices, ({ object: { metadata } }) =>
        ownersOf(SERVICE, { namespace: metadata.namespace, name: metadata.labels?.[SERVICE_NAME_LABEL] ?? '' }),
      );
    }
    // Not by `watch`: that would wait for a kind that the cluster may not have.
    this.endings.push(
      knativeServices.subscribe(({ object }) => {
        for (const key of ownersOf(KNATIVE_SERVICE, keyOf(object))) loop.enqueue(key);
      }),
    );
  }

  private loop(reconciler: Reconciler, concurrency = 1): ControllerLoop {
    const { clock, logger } = this.parts;
    const loop = new ControllerLoop({ reconciler, clock, logger, concurrency });
    this.loops.push(loop);
    return loop;
  }

  private recorder(component: string): EventRecorder {
    const recorder = new EventRecorder({ ...this.parts, component });
    this.recorders.push(recorder);
    return recorder;
  }
}

/** A Channel without provisioner depends on them all: its condition tells which there are. */
function dependsOn(channel: Channel, provisioner: string | undefined): boolean {
  return (
    channel.spec?.provisioner?.name === provisioner ||
    findCondition(channel.status?.conditions, 'Provisioned')?.reason === CHANNEL_REASONS.ProvisionerNotFound
  );
}
