import {
  DEPLOYMENT,
  KNATIVE_SERVICE,
  POD,
  SERVICE,
  sleep,
  type Clock,
  type Deployment,
  type Health,
  type KubeObject,
  type Logger,
  type ProcessPart,
  type ResourceKind,
} from '@millrace/eventing-api';
import {
  ControllerLoop,
  EventRecorder,
  ListWatchCache,
  controllerKeys,
  isControlledBy,
  keyOf,
  type KubeClient,
  type Reconciler,
} from '@millrace/kube';
import { DeploymentReconciler } from './deployments/deployment-reconciler.js';
import { ImageCatalogue } from './images/image-catalogue.js';
import { KnativeServiceReconciler } from './knative/knative-service-reconciler.js';
import type { LocalRunnerOptions } from './local-runner-options.js';
import { PodReconciler } from './pods/pod-reconciler.js';
import { hasSettled } from './pods/pod-status.js';
import { removeStalePods } from './pods/remove-stale-pods.js';
import { EndpointSliceReconciler } from './services/endpoint-slice-reconciler.js';
import { selects } from './services/endpoint-slices.js';

/** Component in the Events of the runner. */
const COMPONENT = 'local-runner';
/** Label of the Pods of sources (Knative Eventing Sources v0.4): they end first, while there is still somebody to take what they send. */
const SOURCE_LABEL = 'source';
const API_RETRY_MS = 500;
const PROGRAMS_UP_WITHIN_MS = 10_000;
const PROGRAMS_POLL_MS = 50;

export interface LocalRunnerParts {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Kubelet, Deployment controller and EndpointSlice controller for the programs of this repository, where there is no cluster. */
export class LocalRunner implements ProcessPart {
  readonly name = 'local-runner';
  private readonly caches;
  private readonly loops: ControllerLoop[] = [];
  private readonly pods: PodReconciler;
  private readonly recorder: EventRecorder;
  private readonly abort = new AbortController();
  private starting: Promise<void> = Promise.resolve();

  constructor(
    private readonly parts: LocalRunnerParts,
    private readonly options: LocalRunnerOptions,
  ) {
    const cacheOf = <T extends KubeObject>(kind: ResourceKind<T>) => new ListWatchCache<T>({ ...parts, kind });
    this.caches = {
      deployments: cacheOf(DEPLOYMENT),
      pods: cacheOf(POD),
      services: cacheOf(SERVICE),
      knativeServices: cacheOf(KNATIVE_SERVICE),
    };
    this.recorder = new EventRecorder({ ...parts, component: COMPONENT });
    const images = new ImageCatalogue(options.images);
    this.pods = this.addPods(images);
    this.addDeployments();
    this.addEndpointSlices();
    this.addKnativeServices(images);
  }

  /** Waits, ten seconds at most, until the programs of an earlier run are up again: what starts after this finds its consumers there. */
  async start(): Promise<void> {
    const { signal } = this.abort;
    this.starting = this.begin(signal).catch((error: unknown) => {
      if (!signal.aborted) this.parts.logger.error('The local runner could not begin', { error });
    });
    const untilUp = this.starting.then(() => this.untilProgramsAreUp(signal));
    await Promise.race([untilUp, sleep(this.parts.clock, PROGRAMS_UP_WITHIN_MS, signal)]).catch(() => {});
  }

  health(): Health {
    return Object.values(this.caches).every((cache) => cache.synced)
      ? { status: 'up' }
      : { status: 'down', message: 'The Kubernetes API has not been listed yet' };
  }

  /** From here on nothing is started; sources end. Consumers stay for what is still to be delivered. */
  async stopIntake(): Promise<void> {
    this.abort.abort();
    await this.starting;
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.pods.stop((pod) => pod.metadata.labels?.[SOURCE_LABEL] !== undefined);
  }

  async close(): Promise<void> {
    await this.pods.stop(() => true);
    await this.recorder.flush();
    await Promise.all(Object.values(this.caches).map((cache) => cache.stop()));
  }

  /** What an earlier run left must be gone before anything is taken for running. */
  private async begin(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await removeStalePods(this.parts.client, this.options.podLogDir);
        break;
      } catch (error) {
        this.parts.logger.debug('The Kubernetes API does not answer yet', { error });
        await sleep(this.parts.clock, API_RETRY_MS, signal);
      }
    }
    signal.throwIfAborted();
    for (const cache of Object.values(this.caches)) cache.start();
    for (const loop of this.loops) loop.start();
  }

  private async untilProgramsAreUp(signal: AbortSignal): Promise<void> {
    const { deployments, pods } = this.caches;
    await Promise.all([deployments.whenSynced(signal), pods.whenSynced(signal)]);
    const isUp = (deployment: Deployment) =>
      deployment.spec?.replicas === 0 ||
      pods.list(deployment.metadata.namespace).some((pod) => isControlledBy(pod, deployment) && hasSettled(pod));
    while (!deployments.list().every(isUp)) await sleep(this.parts.clock, PROGRAMS_POLL_MS, signal);
  }

  private addPods(images: ImageCatalogue): PodReconciler {
    const { pods } = this.caches;
    const reconciler: PodReconciler = new PodReconciler({
      ...this.parts,
      ...this.options,
      images,
      pods,
      recorder: this.recorder,
      wake: (key) => loop.enqueue(key),
    });
    const loop = this.loop(reconciler, 4);
    loop.watch(pods, ({ object }) => [keyOf(object)]);
    return reconciler;
  }

  private addDeployments(): void {
    const { deployments, pods } = this.caches;
    const loop = this.loop(new DeploymentReconciler({ ...this.parts, deployments }));
    loop.watch(deployments, ({ object }) => [keyOf(object)]);
    loop.watch(pods, ({ object }) => controllerKeys(object, DEPLOYMENT));
  }

  private addEndpointSlices(): void {
    const { services, pods } = this.caches;
    const portsOf = this.pods.portsOf.bind(this.pods);
    const loop = this.loop(new EndpointSliceReconciler({ ...this.parts, services, pods, portsOf }));
    loop.watch(services, ({ object }) => [keyOf(object)]);
    loop.watch(pods, ({ object, previous }) =>
      services
        .list(object.metadata.namespace)
        .filter((service) => [object, previous].some((pod) => selects(service, pod?.metadata.labels)))
        .map(keyOf),
    );
  }

  private addKnativeServices(images: ImageCatalogue): void {
    const { knativeServices: services, deployments } = this.caches;
    const { clusterDomain } = this.options;
    const loop = this.loop(new KnativeServiceReconciler({ ...this.parts, services, images, clusterDomain }));
    loop.watch(services, ({ object }) => [keyOf(object)]);
    loop.watch(deployments, ({ object }) => controllerKeys(object, KNATIVE_SERVICE));
  }

  private loop(reconciler: Reconciler, concurrency = 1): ControllerLoop {
    const { clock, logger } = this.parts;
    const loop = new ControllerLoop({ reconciler, clock, logger, concurrency });
    this.loops.push(loop);
    return loop;
  }
}
