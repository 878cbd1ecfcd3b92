import {
  DEPLOYMENT,
  KNATIVE_SERVICE,
  SERVICE,
  keepTransitionTimes,
  type Clock,
  type Deployment,
  type KnativeService,
  type ObjectKey,
} from '@millrace/eventing-api';
import {
  isControlledBy,
  isDeleting,
  updateStatusIfChanged,
  type KubeClient,
  type ObjectCache,
  type Reconciler,
} from '@millrace/kube';
import type { ImageCatalogue } from '../images/image-catalogue.js';
import { IMAGE_NOT_AVAILABLE } from '../pods/container-command.js';
import { MADE_OF_ANNOTATION, knativeCoreService, knativeDeployment, userContainer } from './knative-service-parts.js';
import { refusedStatus, runningStatus, type KnativeObstacle } from './knative-service-status.js';

export interface KnativeServiceReconcilerParts {
  readonly client: KubeClient;
  readonly services: ObjectCache<KnativeService>;
  readonly images: ImageCatalogue;
  readonly clusterDomain: string;
  readonly clock: Clock;
}

/** What became of the objects of a Knative Service. */
type Ensured = { readonly deployment: Deployment } | { readonly obstacle: KnativeObstacle };

/** Runs a Knative Service whose image is one of this repository's: a Deployment, a core Service of its name, an address. */
export class KnativeServiceReconciler implements Reconciler {
  readonly name = 'local-knative-services';

  constructor(private readonly parts: KnativeServiceReconcilerParts) {}

  async reconcile(key: ObjectKey): Promise<undefined> {
    const { client, services, clusterDomain, clock } = this.parts;
    const service = services.get(key);
    if (service === undefined || isDeleting(service)) return;
    const now = new Date(clock.now());
    const ensured = await this.ensure(service);
    const status =
      'deployment' in ensured
        ? runningStatus(service, ensured.deployment, clusterDomain, now)
        : refusedStatus(service, ensured.obstacle, now);
    const conditions = keepTransitionTimes(service.status?.conditions, status.conditions ?? []);
    await updateStatusIfChanged(client, KNATIVE_SERVICE, service, { ...status, conditions });
  }

  private async ensure(service: KnativeService): Promise<Ensured> {
    const container = userContainer(service);
    const found = this.parts.images.find(container?.image ?? '');
    if (container === undefined || found.outcome === 'not-available') {
      const message = found.outcome === 'found' ? 'The Service names no container.' : found.message;
      return { obstacle: { reason: IMAGE_NOT_AVAILABLE, message } };
    }
    const taken = await this.ensureCoreService(service);
    return taken === undefined ? this.ensureDeployment(service, container) : { obstacle: taken };
  }

  private async ensureCoreService(service: KnativeService): Promise<KnativeObstacle | undefined> {
    const { client } = this.parts;
    const desired = knativeCoreService(service);
    const { namespace, name = '' } = desired.metadata;
    const actual = await client.get(SERVICE, { namespace, name });
    if (actual === undefined) await client.create(SERVICE, desired);
    else if (!isControlledBy(actual, service)) return notOwned('Service', name);
    return undefined;
  }

  private async ensureDeployment(
    service: KnativeService,
    container: NonNullable<ReturnType<typeof userContainer>>,
  ): Promise<Ensured> {
    const { client } = this.parts;
    const desired = knativeDeployment(service, container);
    const { namespace, name = '' } = desired.metadata;
    const actual = await client.get(DEPLOYMENT, { namespace, name });
    if (actual === undefined) return { deployment: await client.create(DEPLOYMENT, desired) };
    if (!isControlledBy(actual, service)) return { obstacle: notOwned('Deployment', name) };
    const madeOf = (deployment: Deployment) => deployment.metadata.annotations?.[MADE_OF_ANNOTATION];
    if (madeOf(actual) === madeOf(desired)) return { deployment: actual };
    const metadata = {
      ...actual.metadata,
      annotations: { ...actual.metadata.annotations, ...desired.metadata.annotations },
    };
    const { template, selector } = desired.spec ?? { template: {}, selector: {} };
    return {
      deployment: await client.update(DEPLOYMENT, {
        ...actual,
        metadata,
        spec: { ...actual.spec, selector, template },
      }),
    };
  }
}

function notOwned(kind: string, name: string): KnativeObstacle {
  return {
    reason: 'NotOwned',
    message: `${kind} "${name}" exists and belongs to somebody else; delete or rename one of the two.`,
  };
}
