import { createHash } from 'node:crypto';
import {
  DEPLOYMENT,
  SERVICE,
  apiVersionOf,
  type Container,
  type Deployment,
  type KnativeService,
  type Service,
} from '@millrace/eventing-api';
import { ownerReferenceTo } from '@millrace/kube';

/** Label by which Knative Serving marks everything of a Service (as in `kubectl logs -l`). */
export const KNATIVE_SERVICE_LABEL = 'serving.knative.dev/service';
/** Name of the user's container in a Pod of Knative Serving. */
const USER_CONTAINER = 'user-container';
/** Says what a Deployment was made of, so that only a change of the Knative Service changes it. */
export const MADE_OF_ANNOTATION = 'local-runner.millrace/made-of';

/** The container that a Knative Service runs: of `runLatest` (2019), else of `template` (today). */
export function userContainer(service: KnativeService): Partial<Container> | undefined {
  const { runLatest, template } = service.spec ?? {};
  return runLatest?.configuration?.revisionTemplate?.spec?.container ?? template?.spec?.containers?.[0];
}

/** The Deployment that runs it, always one replica: nothing here scales to zero. */
export function knativeDeployment(service: KnativeService, container: Partial<Container>): Deployment {
  const { name = '' } = service.metadata;
  const labels = { [KNATIVE_SERVICE_LABEL]: name };
  const spec = {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: { containers: [{ ...container, name: USER_CONTAINER, image: container.image ?? '' }] },
    },
  };
  const madeOf = createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16);
  return {
    apiVersion: apiVersionOf(DEPLOYMENT),
    kind: DEPLOYMENT.kind,
    metadata: { ...metadataOf(service, `${name}-deployment`), annotations: { [MADE_OF_ANNOTATION]: madeOf } },
    spec,
  };
}

/** The core Service of the same name, which makes the hostname known. */
export function knativeCoreService(service: KnativeService): Service {
  const { name = '' } = service.metadata;
  return {
    apiVersion: apiVersionOf(SERVICE),
    kind: SERVICE.kind,
    metadata: metadataOf(service, name),
    spec: { selector: { [KNATIVE_SERVICE_LABEL]: name }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
}

function metadataOf(service: KnativeService, name: string) {
  return {
    name,
    namespace: service.metadata.namespace ?? '',
    labels: { [KNATIVE_SERVICE_LABEL]: service.metadata.name ?? '' },
    ownerReferences: [ownerReferenceTo(service)],
  };
}
