import {
  CHANNEL,
  CLUSTER_CHANNEL_PROVISIONER,
  CONTAINER_SOURCE,
  CRON_JOB_SOURCE,
  DEPLOYMENT,
  ENDPOINT_SLICE,
  KNATIVE_SERVICE,
  KUBERNETES_EVENT_SOURCE,
  LEASE,
  SERVICE,
  SUBSCRIPTION,
  type Clock,
  type KubeObject,
  type Lease,
  type Logger,
  type ResourceKind,
} from '@millrace/eventing-api';
import { ListWatchCache, type KubeClient } from '@millrace/kube';
import { OptionalKindCache } from './optional-kind-cache.js';
import type { ControlPlaneOptions } from './control-plane-options.js';
import { SERVICE_NAME_LABEL } from './addressable/resolve-service-url.js';
import { SOURCE_LABEL } from './sources/container-source/container-source-deployment.js';

export interface CacheParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What the control plane watches: one cache a kind, shared by its reconcilers. */
export class ControlPlaneCaches {
  readonly subscriptions;
  readonly channels;
  readonly provisioners;
  /** Of the system namespace: one a driver that is served. */
  readonly leases;
  readonly kubernetesEventSources;
  readonly cronJobSources;
  readonly containerSources;
  readonly deployments;
  readonly services;
  readonly endpointSlices;
  readonly knativeServices;
  private readonly required: readonly { readonly synced: boolean; start(): void; stop(): Promise<void> }[];

  constructor(parts: CacheParts, options: Pick<ControlPlaneOptions, 'serviceAddresses' | 'systemNamespace'>) {
    const cacheOf = <T extends KubeObject>(kind: ResourceKind<T>, labelSelector?: string) =>
      new ListWatchCache<T>({ ...parts, kind, labelSelector });
    this.subscriptions = cacheOf(SUBSCRIPTION);
    this.channels = cacheOf(CHANNEL);
    this.provisioners = cacheOf(CLUSTER_CHANNEL_PROVISIONER);
    this.leases = new ListWatchCache<Lease>({ ...parts, kind: LEASE, namespace: options.systemNamespace });
    this.kubernetesEventSources = cacheOf(KUBERNETES_EVENT_SOURCE);
    this.cronJobSources = cacheOf(CRON_JOB_SOURCE);
    this.containerSources = cacheOf(CONTAINER_SOURCE);
    this.deployments = cacheOf(DEPLOYMENT, SOURCE_LABEL);
    this.services = cacheOf(SERVICE);
    // A cluster has many of these, and by DNS none is needed.
    this.endpointSlices =
      options.serviceAddresses === 'endpoints' ? cacheOf(ENDPOINT_SLICE, SERVICE_NAME_LABEL) : undefined;
    this.knativeServices = new OptionalKindCache({ ...parts, kind: KNATIVE_SERVICE });
    this.required = [
      this.subscriptions,
      this.channels,
      this.provisioners,
      this.leases,
      this.kubernetesEventSources,
      this.cronJobSources,
      this.containerSources,
      this.deployments,
      this.services,
      ...(this.endpointSlices === undefined ? [] : [this.endpointSlices]),
    ];
  }

  /** True once every cache that reconciling needs has been filled. */
  get synced(): boolean {
    return this.required.every((cache) => cache.synced);
  }

  start(): void {
    for (const cache of this.required) cache.start();
    this.knativeServices.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.knativeServices, ...this.required].map((cache) => cache.stop()));
  }
}
